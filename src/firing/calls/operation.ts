import type { InterruptReason } from '../../errors.js';
import type { OccurrenceKind } from '../../execution/condition.js';
import type { JSONValue } from '../../ports.js';
import type { HttpClient } from './httpCall.js';
import type { Match, ResolvedTarget } from '../../execution/resolve.js';
import type { RenderBody } from './payload.js';

/** Content in the form that targets are sent: written as JSON once. */
export interface Content {
  /** `undefined` where the content has no JSON: an error of each target that would be sent it. */
  readonly json: string | undefined;
  /** Why the content has no JSON. */
  readonly problem?: string | undefined;
}

/** The content after the targets' answers. */
export interface AmendedContent extends Content {
  readonly json: string;
  readonly value: JSONValue;
}

/** One occurrence, with everything that its targets are sent. */
export interface Operation {
  readonly kind: OccurrenceKind;
  /** The occurrence, in the words of an execution id. */
  readonly condition: string;
  readonly instanceID: string;
  /** Id of the event, else of the request; the same for every attempt. */
  readonly operationID: string;
  /** The stream of the event. */
  readonly stream?: string;
  readonly match: Match;
  readonly depth: number;
  readonly content: Content;
  readonly render: RenderBody;
  /**
   * Whether an answer may replace `null` content by an object or an array: a request without a body.
   * @defaultValue `false`
   */
  readonly acceptsNull?: boolean;
  /** The content that follows from an accepted answer. @defaultValue the answer */
  readonly merge?: (answer: JSONValue) => JSONValue;
  /** Why an answer may not be applied; `undefined` where it may be. */
  readonly objection?: (answer: JSONValue) => Objection | undefined;
  readonly isRehearsal?: boolean;
  /** Which attempt this is, from 1. @defaultValue 1 */
  readonly attempt?: number;
  /** Whether the event was delivered or given up before, and an operator asked for a replay. @defaultValue `false` */
  readonly isReplay?: boolean;
  /** Whether only the status of an answer counts, and its body does not. @defaultValue `false` */
  readonly ignoresAnswer?: boolean;
  /** Called right before the request is written, on every try: an error that it throws fails the call, and nothing is sent. */
  readonly assertMaySend?: () => void;
  /** Makes the calls in place of the transport, for a rehearsal. */
  readonly post?: HttpClient['post'];
  readonly signal?: AbortSignal | undefined;
}

export interface Objection {
  readonly reason: InterruptReason;
  readonly message: string;
}

/** One call of a target that an operation is about to make. */
export interface PlannedCall {
  readonly operation: Operation;
  readonly resolved: ResolvedTarget;
  /** Index in the expanded list, from 0. */
  readonly place: number;
  /** The `webhook-id`, for the header and the report. */
  readonly callID: string;
  /** The content after the targets before this one. */
  readonly content: Content;
  /** Whether the target's answer is applied, or only recorded. */
  readonly enforced: boolean;
}
