import type { InterruptReason } from '../../errors.js';
import type { JSONValue } from '../../ports.js';

/** The outcome of a call: a judged answer, or a failure. */
export type Outcome = (
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'amended'; readonly content: JSONValue }
  /** A verdict of the target, which refuses the operation. */
  | { readonly kind: 'refused'; readonly status: number; readonly message?: string }
  /** An error of the target. The message never quotes the target's answer. */
  | {
      readonly kind: 'failed';
      readonly reason: InterruptReason;
      readonly message: string;
      readonly cause?: unknown;
    }
) & {
  /** HTTP status of the answer, if there was an answer. */
  readonly responseStatus?: number;
};
