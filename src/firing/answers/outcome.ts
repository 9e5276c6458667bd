import type { InterruptReason } from '../../errors.js';
import type { JSONValue } from '../../ports.js';

/** What a call came to: a judged answer, or none. */
export type Outcome = (
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'amended'; readonly content: JSONValue }
  /** A verdict: the target refuses on purpose. */
  | { readonly kind: 'refused'; readonly status: number; readonly message?: string }
  /** An error of the target. The message never quotes what it said. */
  | {
      readonly kind: 'failed';
      readonly reason: InterruptReason;
      readonly message: string;
      readonly cause?: unknown;
    }
) & {
  /** HTTP status of the answer, where there was one. */
  readonly responseStatus?: number;
};
