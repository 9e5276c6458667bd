import { reportRejection } from '../../../lib/ignoredError.js';
import type { Clock } from '../../../ports.js';
import { batchGuardOf } from './batchGuard.js';
import { hangAfter } from '../client/noAnswer.js';
import type { ClientKind } from '../client/clientKind.js';
import { forgetConnection } from '../client/clientInternals.js';
import { assertOnlyClient } from '../client/loadedMessages.js';
import type { AppendOptions, AppendResult, ClientEvent, StreamsClient } from '../client/streamsClient.js';

/** The client gave no answer, and would give none. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** The arguments of the client's `appendToStream`, as the caller gave them. */
export interface AppendArguments {
  readonly stream: string;
  readonly events: ClientEvent | readonly ClientEvent[];
  readonly options: AppendOptions | undefined;
}

export interface AppendingClient {
  readonly kind: ClientKind;
  readonly client: StreamsClient;
  readonly clock: Clock;
}

/**
 * The client's `appendToStream`, which always settles and leaves the client usable. Arguments, answers and errors pass
 * unchanged.
 *
 * @param unanswered - makes the error for an append that the client alone would wait for without end; whether the events
 *   were written is unknown then
 */
export function guardedAppend(
  { kind, client, clock }: AppendingClient,
  { stream, events, options }: AppendArguments,
  unanswered: (reason: string) => Error = (reason) => new NoAnswerError(reason),
): Promise<AppendResult> {
  const guard = batchGuardOf(client, clock);
  const batch = kind.usesBatch(client, options);
  if (batch) assertOnlyClient(kind);
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
