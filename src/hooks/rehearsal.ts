import type { Occurrence } from '../execution/condition.js';
import type { RehearsedCall } from '../firing/rehearsedCalls.js';
import type { JSONValue } from '../ports.js';

/** The content and the options of a rehearsal. */
export interface RehearseOptions {
  /**
   * Event data, the body of a request or response, or the payload of a function; bytes only for an event that is not JSON.
   *
   * @defaultValue `{}`
   */
  readonly content?: JSONValue | Uint8Array;
  /** For a response: the request as it was processed. @defaultValue `null` */
  readonly request?: JSONValue;
  /** For an event: the stream that targets are told. @defaultValue `rehearsal-<event id>` */
  readonly stream?: string;
  /** For an event: the version that targets are told as its `sequence`. @defaultValue left out, as for an unknown version */
  readonly sequence?: bigint;
  /** For an event: the creation time that targets are told. @defaultValue now */
  readonly createdAt?: Date;
  /** Ids of targets to call, in this order, in place of the winning execution's. @defaultValue the winning execution's */
  readonly targets?: readonly string[];
  /**
   * Whether targets that are observed, always or for a share of operations, are judged as enforced. @defaultValue
   * `false`
   */
  readonly enforce?: boolean;
  /** Id of the event, else of the request. @defaultValue drawn */
  readonly operationID?: string;
  /** Whether the calls are made. @defaultValue `false` */
  readonly send?: boolean;
  /**
   * The most bytes of bodies that the result holds in all; an answer counts twice, as received and as amended content. A body
   * beyond them is left out of the result, not of the call.
   *
   * @defaultValue no limit
   */
  readonly keptBytes?: number;
  /** Ends the rehearsal; it then rejects with the reason of the signal. @defaultValue none */
  readonly signal?: AbortSignal;
}

/** The result of a rehearsal: plain JSON. */
export interface Rehearsal {
  /** The occurrence, in the words of an execution id. */
  readonly condition: string;
  /** The execution that wins, or the condition itself where targets were named; `null` where no target is called. */
  readonly winner: string | null;
  /** Whether the calls were made. */
  readonly sent: boolean;
  /** In the order of the list. */
  readonly calls: readonly RehearsedCall[];
  /** The outcome that the operation would have; absent where no call was made. */
  readonly outcome?:
    | { readonly kind: 'passed' | 'amended'; readonly content: JSONValue }
    | {
        readonly kind: 'interrupted';
        readonly error: { readonly code: string; readonly status: number; readonly message: string };
      };
}

/**
 * Rehearses an occurrence: renders each call with its headers, signatures and body, and with `send` makes it, in order,
 * under the rules of the real operation, its circuit breakers, `callsPerTarget` and `callsPerHost` included. Calls say
 * that they are a rehearsal (header `actions-rehearsal: true`, in event bodies `phase: "rehearsal"`). Nothing is
 * appended, and `health()` counts no dropped or observed call. Header values of targets are shown as `***`, also where
 * a target repeats them in its answer or its message.
 *
 * To rehearse an event that was appended, pass its `content`, `stream`, `operationID`, `sequence` and `createdAt`.
 *
 * @throws {@link InvalidArgumentError} for a malformed occurrence or content; {@link TargetNotFoundError};
 * {@link IndexNotReadyError}; the reason of `signal`. A target's failure is never thrown: `outcome` holds it
 */
export type Rehearse = (occurrence: Occurrence, options?: RehearseOptions) => Promise<Rehearsal>;
