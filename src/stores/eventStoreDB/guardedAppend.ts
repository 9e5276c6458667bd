import type {
  AppendResult,
  AppendToStreamOptions,
  EventData,
  EventStoreDBClient,
} from '@eventstore/db-client';
import type { Clock } from '../../ports.js';
import { batchGuardOf } from './batchGuard.js';
import { defaultDeadlineOf, forgetConnection } from './clientInternals.js';

/** What keep-alive needs to find out that the other side is gone. Milliseconds. */
const keepAliveMs = 20_000;
const marginMs = 2_000;
/** Longest delay a timer takes; anything above fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The client would never have answered. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

export function noAnswerFor(milliseconds: number): Error {
  return new Error(`there was no answer for ${milliseconds / 1000} s`);
}

/** With credentials the client uses a call of its own for each append, with a deadline; without, the shared batch stream. */
export function usesBatch(options: AppendToStreamOptions | undefined): boolean {
  return options?.credentials === undefined;
}

/** How long an append may be without an answer before it is given up: its own deadline or what keep-alive needs, and 2 s. */
export function hangAfter(deadlineMs: number): number {
  return Math.min(Math.max(deadlineMs, keepAliveMs) + marginMs, longestTimerMs);
}

/**
 * The client's `appendToStream`, which is sure to settle and leaves the client usable. The arguments go through as they
 * are, and so do answers and errors.
 *
 * @throws NoAnswerError where the client alone would have waited for ever: whether the events were written is unknown
 */
export function guardedAppend(
  client: EventStoreDBClient,
  stream: string,
  events: EventData | EventData[],
  options: AppendToStreamOptions | undefined,
  clock: Clock,
): Promise<AppendResult> {
  const guard = batchGuardOf(client, clock);
  const batch = usesBatch(options);
  const limitMs = hangAfter(options?.deadline ?? defaultDeadlineOf(client));
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      settle();
      reject(new NoAnswerError(error.message));
    };
    const pending = guard.enter(batch ? fail : undefined);
    const settle = () => {
      cancelTimer();
      guard.leave(pending);
    };
    const cancelTimer = clock.after(limitMs, () => {
      void guard.recover(pending);
      fail(noAnswerFor(limitMs));
    });
    client.appendToStream(stream, events, options).then(
      (result) => {
        settle();
        resolve(result);
      },
      (error: unknown) => {
        settle();
        if (batch && isFailedLookUp(error)) void forgetConnection(client);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

/**
 * An error the client has not converted comes from its look-up of the server's features, which it then never repeats,
 * unless it took the error for a lost connection (codes 1 and 14).
 */
function isFailedLookUp(error: unknown): boolean {
  if (!(error instanceof Error) || 'type' in error || !('code' in error)) return false;
  return typeof error.code === 'number' && error.code !== 1 && error.code !== 14;
}
