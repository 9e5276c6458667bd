import type { InterruptReason } from '../../errors.js';
import type { OccurrenceKind } from '../../execution/condition.js';
import type { JSONValue } from '../../ports.js';
import type { HttpClient } from './httpCall.js';
import type { Match, ResolvedTarget } from '../../execution/resolve.js';
import type { RenderBody } from './payload.js';

/** Content as targets are sent it: written as JSON once. */
export interface Content {
  /** `undefined` where JSON cannot show the content: an error of each target that would be sent it. */
  readonly json: string | undefined;
  /** Why there is no JSON. */
  readonly problem?: string | undefined;
}

/** What targets made of content. */
export interface AmendedContent extends Content {
  readonly json: string;
  readonly value: JSONValue;
}

/** One thing that happens, and all that its targets are to be told. */
export interface Operation {
  readonly kind: OccurrenceKind;
  /** What happens, in the words of an execution id. */
  readonly condition: string;
  readonly instanceID: string;
  /** Id of the event, else of the request; every attempt has the same. */
  readonly operationID: string;
  /** The stream of the event. */
  readonly stream?: string;
  readonly match: Match;
  readonly depth: number;
  readonly content: Content;
  readonly render: RenderBody;
  /** Whether content that is `null` may become an object or an array: a request without a body. @defaultValue `false` */
  readonly acceptsNull?: boolean;
  /** What the content becomes with an accepted answer. @defaultValue the answer */
  readonly merge?: (answer: JSONValue) => JSONValue;
  /** Why an answer may not be applied; `undefined` where it may. */
  readonly objection?: (answer: JSONValue) => Objection | undefined;
  readonly isRehearsal?: boolean;
  /** The `webhook-id` of its only call, where that depends neither on the execution nor on the place in a list. */
  readonly callID?: string;
  /** Which attempt this is, from 1. @defaultValue 1 */
  readonly attempt?: number;
  /** Whether it was delivered, or given up, before, and an operator asked for it again. @defaultValue `false` */
  readonly isReplay?: boolean;
  /** Whether only the status of an answer counts, whatever its body is. @defaultValue `false` */
  readonly ignoresAnswer?: boolean;
  /** Asked last of all before a request is written: what it throws is the failure of the call, and nothing is sent. */
  readonly assertMaySend?: () => void;
  /** Makes the calls in place of the transport, for a rehearsal. */
  readonly post?: HttpClient['post'];
  readonly signal?: AbortSignal | undefined;
}

export interface Objection {
  readonly reason: InterruptReason;
  readonly message: string;
}

/** One target's turn in an operation. */
export interface Turn {
  readonly operation: Operation;
  readonly resolved: ResolvedTarget;
  /** Place in the expanded list, from 0. */
  readonly place: number;
  /** What the targets before have made of it. */
  readonly content: Content;
  /** Whether what the target says is applied, or only watched. */
  readonly enforced: boolean;
}
