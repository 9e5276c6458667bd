import { randomUUID } from 'node:crypto';
import { EventStoreUnavailableError, InvalidArgumentError } from '../../errors.js';
import { proposeAppend, readAppendOptions } from '../../events/proposedAppend.js';
import { systemClock } from '../../lib/clock.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireBoolean, requireClock, requireFunction } from '../../lib/reading/reading.js';
import { shownValue } from '../../lib/reading/shownValue.js';
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

/** The options of an event store on a client of EventStoreDB or KurrentDB. */
export interface ClientStoreSettings {
  /**
   * Sends every call to the leader of a cluster. The answers of a follower lag behind, so that commands decide on old state
   * and meet conflicts. `nodePreference=leader` in the connection string does the same for the whole client.
   *
   * @defaultValue false
   */
  readonly requiresLeader?: boolean;
  /**
   * How long the server may take for one append, in milliseconds. The store gives an append up 2 s after this deadline, and
   * not before 22 s have passed.
   *
   * @defaultValue the client's `defaultDeadline`
   */
  readonly deadlineMs?: number;
  /**
   * How many events of other streams the server examines before it sends a subscription a checkpoint.
   *
   * @defaultValue 4096
   */
  readonly maxSearchWindow?: number;
  /** The clock of deadlines and delays. @defaultValue the clock of the machine */
  readonly clock?: Clock;
  /** Draws the ids of events that come without one. @defaultValue random UUIDs */
  readonly generateID?: () => string;
}

const optionNames: OptionNames<ClientStoreSettings> = {
  requiresLeader: true,
  deadlineMs: true,
  maxSearchWindow: true,
  clock: true,
  generateID: true,
};

/** An event store on a client of the application. Closing it ends its subscriptions; the client stays open. */
export interface ClientEventStore extends EventStore, AsyncDisposable {
  readonly firstVersion: bigint;
  /** @throws {@link EventStoreUnavailableError}, {@link EventStoreAccessDeniedError} */
  head(): Promise<bigint>;
  close(): Promise<void>;
}

/** Implements the port over a client of this kind. The client belongs to the application and stays open. */
export function clientEventStore(
  kind: ClientKind,
  client: Source,
  given: ClientStoreSettings,
): ClientEventStore {
  const options = readOptions(given, optionNames, 'the event store');
  const { generateID = randomUUID } = options;
  requireFunction(generateID, 'generateID');
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
      const taken = readAppendOptions(appendOptions);
      const proposed = proposeAppend(stream, events, taken, generateID);
      taken.signal?.throwIfAborted();
      return appendOnce(connection, proposed, taken.signal);
    },
    readStream: (stream, streamOptions = {}) =>
      leavable((left) => readStream(connection, stream, streamOptions, left)),
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
  options: ClientStoreSettings,
  client: () => StreamsClient,
): StoreConnection {
  const { clock = systemClock(), requiresLeader, deadlineMs, maxSearchWindow = 4096 } = options;
  if (!Number.isSafeInteger(maxSearchWindow) || maxSearchWindow < 1)
    throw new InvalidArgumentError(
      `maxSearchWindow is a whole number of at least 1, not ${shownValue(maxSearchWindow)}; nothing was opened`,
    );
  if (deadlineMs !== undefined && !(typeof deadlineMs === 'number' && deadlineMs > 0))
    throw new InvalidArgumentError(
      `deadlineMs is a number of milliseconds above 0, not ${shownValue(deadlineMs)}; nothing was opened`,
    );
  requireBoolean(requiresLeader, 'requiresLeader');
  requireClock(clock);
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
