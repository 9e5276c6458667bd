import type { ConcurrencyConflictError } from '../../errors.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';
import type { AppendResult } from '../../ports.js';

/** The outcome of an append inside its transaction. It is final after the commit. */
export type AppendOutcome =
  | { readonly result: AppendResult; readonly written: boolean }
  | { readonly conflict: ConcurrencyConflictError };

/** A pending append of a group. */
interface WaitingAppend {
  readonly append: ProposedAppend;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Settles each append of a group that was committed.
 *
 * @returns the streams that were appended to
 */
export function answerGroup(
  group: readonly WaitingAppend[],
  outcomes: readonly AppendOutcome[],
): readonly string[] {
  const streams: string[] = [];
  for (const [index, { append, resolve, reject }] of group.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined) continue;
    if ('conflict' in outcome) {
      reject(outcome.conflict);
      continue;
    }
    if (outcome.written) streams.push(append.stream);
    resolve(outcome.result);
  }
  return streams;
}
