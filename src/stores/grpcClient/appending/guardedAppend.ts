import { reportRejection } from '../../../lib/ignoredError.js';
import type { Clock } from '../../../ports.js';
import { batchGuardOf } from './batchGuard.js';
import { hangAfter } from '../client/noAnswer.js';
import type { ClientKind } from '../client/clientKind.js';
import { forgetConnection } from '../client/clientInternals.js';
import { assertOnlyClient } from '../client/loadedMessages.js';
import type { AppendOptions, AppendResult, ClientEvent, StreamsClient } from '../client/streamsClient.js';

/** The client has not settled a call, and would never settle it. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** The arguments of the client's `appendToStream`, as the caller gave them. */
export interface AppendArguments {
  readonly stream: string;
  readonly events: ClientEvent | readonly ClientEvent[];
  readonly options: AppendOptions | undefined;
}

interface AppendingClient {
  readonly kind: ClientKind;
  readonly client: StreamsClient;
  readonly clock: Clock;
}

/**
 * Calls the client's `appendToStream`, always settles, and leaves the client usable. Arguments, answers and errors pass
 * unchanged.
 *
 * @param unanswered - makes the error for an append that the client would never settle; whether the events were written is
 *   unknown
 * @throws {@link InvalidArgumentError} where the messages of the client were overwritten; nothing was sent
 */
export function guardedAppend(
  appending: AppendingClient,
  { stream, events, options }: AppendArguments,
  unanswered: Unanswered = (reason) => new NoAnswerError(reason),
): Promise<AppendResult> {
  const { kind, client } = appending;
  const batch = kind.usesBatch(client, options);
  if (batch) assertOnlyClient(kind);
  const call = () => client.appendToStream(stream, events, options);
  return guardedCall(appending, call, { batch, deadlineMs: options?.deadline, unanswered });
}

/** Makes the error for a call without an answer. */
type Unanswered = (reason: string) => Error;

interface CallGuard {
  /** Whether the call goes over the batch stream. */
  readonly batch: boolean;
  /** @defaultValue the client's `defaultDeadline` */
  readonly deadlineMs?: number | undefined;
  readonly unanswered: Unanswered;
}

/** Makes a call of the client, and always settles. */
export function guardedCall<Result>(
  { client, clock }: AppendingClient,
  call: () => Promise<Result>,
  { batch, deadlineMs, unanswered }: CallGuard,
): Promise<Result> {
  const guard = batchGuardOf(client, clock);
  const limitMs = hangAfter(deadlineMs ?? guard.defaultDeadlineMs);
  return new Promise((resolve, reject) => {
    const pending = guard.enter(limitMs, batch, (reason) => {
      reject(unanswered(reason));
    });
    call().then(
      (result) => {
        guard.leave(pending);
        resolve(result);
      },
      (error: unknown) => {
        guard.leave(pending);
        if (batch && isFailedLookUp(error))
          reportRejection('the end of a connection that failed', forgetConnection(client));
        reject(error);
      },
    );
  });
}

/**
 * The client converts all errors but those of its query for the server's features. After such an error it never repeats the
 * query, except where it reads the error as a lost connection (codes 1 and 14).
 */
function isFailedLookUp(error: unknown): boolean {
  if (!(error instanceof Error) || 'type' in error || !('code' in error)) return false;
  return typeof error.code === 'number' && error.code !== 1 && error.code !== 14;
}
