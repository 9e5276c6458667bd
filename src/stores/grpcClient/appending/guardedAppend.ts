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

/** The client gave no answer, and would give none. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** With credentials the client uses a call of its own for each append, with a deadline; without, the shared batch stream. */
export function usesBatch(options: AppendToStreamOptions | undefined): boolean {
  return options?.credentials === undefined;
}

/** The arguments of the client's `appendToStream`, as the caller gave them. */
export interface AppendArguments {
  readonly stream: string;
  readonly events: EventData | EventData[];
  readonly options: AppendToStreamOptions | undefined;
}

/**
 * The client's `appendToStream`, which always settles and leaves the client usable. Arguments, answers and errors pass
 * unchanged.
 *
 * @param unanswered - makes the error for an append that the client alone would wait for without end; whether the events
 *   were written is unknown then
 */
export function guardedAppend(
  client: EventStoreDBClient,
  { stream, events, options }: AppendArguments,
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
