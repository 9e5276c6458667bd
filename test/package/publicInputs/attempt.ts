import { setTimeout as pause } from 'node:timers/promises';
import { isActionsError } from '../../../src/errors.js';
import type { Row } from './row.js';

export type Outcome =
  { readonly kind: 'answered' | 'waiting' } | { readonly kind: 'refused'; readonly error: unknown };

/** The time limit for a function that only waits. Milliseconds. */
const patienceMs = 10_000;

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Closes what a call has opened: stores, actions, workers. */
async function end(opened: unknown): Promise<void> {
  if (!isObject(opened)) return;
  const { close, stop } = opened as { readonly close?: unknown; readonly stop?: unknown };
  if (typeof close === 'function') await close.call(opened);
  if (typeof stop === 'function') await stop.call(opened);
}

async function firstOf(iterable: AsyncIterable<unknown>): Promise<void> {
  const iterator = iterable[Symbol.asyncIterator]();
  try {
    await iterator.next();
  } finally {
    void iterator.return?.();
  }
}

async function run({ call }: Row, args: readonly unknown[]): Promise<void> {
  const answer: unknown = await call(...(args as never[]));
  if (isObject(answer) && Symbol.asyncIterator in answer) await firstOf(answer as AsyncIterable<unknown>);
  else await end(answer);
}

/** Calls a function and returns the outcome. */
export async function attempt(row: Row, args: readonly unknown[]): Promise<Outcome> {
  const over = new AbortController();
  const answered = run(row, args).then(
    (): Outcome => ({ kind: 'answered' }),
    (error: unknown): Outcome => ({ kind: 'refused', error }),
  );
  const waiting = pause(patienceMs, undefined, { signal: over.signal }).then(
    (): Outcome => ({ kind: 'waiting' }),
    (): Outcome => ({ kind: 'waiting' }),
  );
  const outcome = await Promise.race([answered, waiting]);
  over.abort();
  return outcome;
}

export const isRefusal = (outcome: Outcome): boolean =>
  outcome.kind === 'refused' && isActionsError(outcome.error, 'INVALID_ARGUMENT');
