import { ConcurrencyConflictError } from '../../errors.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';
import type { AppendResult } from '../../ports.js';
import type { AppendDecision } from './decideAppend.js';

/** The outcome of an append inside its transaction. It is final after the commit. */
export type AppendOutcome =
  | { readonly result: AppendResult; readonly written: boolean }
  | { readonly conflict: ConcurrencyConflictError };

/**
 * The outcome of an append that writes nothing.
 *
 * @param positionAt - the position of the event with this version of the stream
 */
export function unwritten(
  { stream, expectedVersion }: ProposedAppend,
  decision: Exclude<AppendDecision, { readonly kind: 'append' }>,
  positionAt: (version: number) => number | undefined,
): AppendOutcome {
  if (decision.kind === 'conflict')
    return { conflict: new ConcurrencyConflictError(stream, expectedVersion, decision.actualVersion) };
  const version = BigInt(decision.version);
  if (decision.kind === 'empty') return { result: { version }, written: false };
  return { result: { version, position: BigInt(positionAt(decision.version) ?? 0) }, written: false };
}

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
