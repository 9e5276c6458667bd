import type { ConcurrencyConflictError } from '../../errors.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';
import type { AppendResult } from '../../ports.js';

/** The outcome of an append inside its transaction; final with the commit. */
export type AppendOutcome =
  | { readonly result: AppendResult; readonly written: boolean }
  | { readonly conflict: ConcurrencyConflictError };

/** An append of a group that waits for the commit. */
interface WaitingAppend {
  readonly append: ProposedAppend;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Answers each append of a group that is committed.
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
