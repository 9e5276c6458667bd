import { randomUUID } from 'node:crypto';
import { EventStoreUnavailableError, InvalidArgumentError } from '../../errors.js';
import { proposeAppend } from '../../events/proposedAppend.js';
import { systemClock } from '../../lib/clock.js';
import { requireSignal } from '../../lib/requireSignal.js';
import type { Clock, EventStore } from '../../ports.js';
import { appendOnce } from './appending/append.js';
import { assertClient, clientOf } from './client/assertClient.js';
import type { ClientKind, Source } from './client/clientKind.js';
import type { StoreConnection } from './client/storeConnection.js';
import type { StreamsClient } from './client/streamsClient.js';
import { headOf } from './reading/head.js';
import { leavable } from './reading/leavable.js';
import { readStream } from './reading/readStream.js';
import { subscribe } from './reading/subscribe.js';

/** See `EventStoreDBOptions`. */
export interface ClientStoreOptions {
  readonly requiresLeader?: boolean;
  readonly deadlineMs?: number;
  readonly maxSearchWindow?: number;
  readonly clock?: Clock;
  readonly generateID?: () => string;
}

export interface ClientEventStore extends EventStore, AsyncDisposable {
  readonly firstVersion: bigint;
  head(): Promise<bigint>;
  close(): Promise<void>;
}

/** The port over a client of this kind, which belongs to the application. */
export function clientEventStore(
  kind: ClientKind,
  client: Source,
  options: ClientStoreOptions,
): ClientEventStore {
  const { generateID = randomUUID } = options;
  if (typeof client !== 'function') assertClient(kind, client);
  const closing = new AbortController();
  const connection = toConnection(kind, options, () => {
    if (closing.signal.aborted)
      throw new EventStoreUnavailableError('this event store is closed; nothing was read or appended', {
        closed: true,
      });
    return clientOf(kind, client);
  });
  const close = (): Promise<void> => {
    closing.abort();
    return Promise.resolve();
  };
  return {
    firstVersion: 0n,
    async append(stream, events, appendOptions) {
      const proposed = proposeAppend(stream, events, appendOptions, generateID);
      requireSignal(appendOptions?.signal);
      appendOptions?.signal?.throwIfAborted();
      return appendOnce(connection, proposed, appendOptions?.signal);
    },
    readStream: (stream, readOptions = {}) =>
      leavable((left) => readStream(connection, stream, readOptions, left)),
    subscribe: (subscribeOptions) =>
      leavable((left) => subscribe(connection, subscribeOptions, left, closing.signal)),
    async head() {
      return (await headOf(connection, undefined))?.position ?? 0n;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function toConnection(
  kind: ClientKind,
  options: ClientStoreOptions,
  client: () => StreamsClient,
): StoreConnection {
  const { clock = systemClock(), requiresLeader, deadlineMs, maxSearchWindow = 4096 } = options;
  if (!Number.isSafeInteger(maxSearchWindow) || maxSearchWindow < 1)
    throw new InvalidArgumentError(`maxSearchWindow is a whole number of at least 1, not ${maxSearchWindow}`);
  if (deadlineMs !== undefined && !(deadlineMs > 0))
    throw new InvalidArgumentError(`deadlineMs is a number of milliseconds above 0, not ${deadlineMs}`);
  const leader = requiresLeader === undefined ? {} : { requiresLeader };
  return {
    kind,
    client,
    clock,
    read: leader,
    append: { ...leader, ...(deadlineMs !== undefined && { deadline: deadlineMs }) },
    maxSearchWindow,
  };
}
