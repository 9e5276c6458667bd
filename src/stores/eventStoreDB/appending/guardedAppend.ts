import type {
  AppendResult,
  AppendToStreamOptions,
  EventData,
  EventStoreDBClient,
} from '@eventstore/db-client';
import { reportRejection } from '../../../lib/ignoredError.js';
import type { Clock } from '../../../ports.js';
import { batchGuardOf } from './batchGuard.js';
import { hangAfter } from '../client/noAnswer.js';
import { forgetConnection } from '../client/clientInternals.js';

/** The client would never have answered. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** With credentials the client uses a call of its own for each append, with a deadline; without, the shared batch stream. */
export function usesBatch(options: AppendToStreamOptions | undefined): boolean {
  return options?.credentials === undefined;
}

/**
 * The client's `appendToStream`, which is sure to settle and leaves the client usable. The arguments go through as they
 * are, and so do answers and errors.
 *
 * @param unanswered - the error where the client alone would have waited for ever, by what happened: whether the events
 *   were written is unknown
 */
export function guardedAppend(
  client: EventStoreDBClient,
  stream: string,
  events: EventData | EventData[],
  options: AppendToStreamOptions | undefined,
  clock: Clock,
  unanswered: (reason: string) => Error = (reason) => new NoAnswerError(reason),
): Promise<AppendResult> {
  const guard = batchGuardOf(client, clock);
  const batch = usesBatch(options);
  const limitMs = hangAfter(options?.deadline ?? guard.defaultDeadlineMs);
  return new Promise((resolve, reject) => {
    const pending = guard.enter(limitMs, batch, (reason) => {
      reject(unanswered(reason));
    });
    client.appendToStream(stream, events, options).then(
      (result) => {
        guard.leave(pending);
        resolve(result);
      },
      (error: unknown) => {
        guard.leave(pending);
        if (batch && isFailedLookUp(error))
          reportRejection('the end of a connection that failed', forgetConnection(client));
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
