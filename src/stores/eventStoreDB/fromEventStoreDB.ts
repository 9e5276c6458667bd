import type { EventStoreDBClient } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../lib/clock.js';
import { EventStoreUnavailableError, InvalidArgumentError } from '../../errors.js';
import type { Clock, EventStore } from '../../ports.js';
import { proposeAppend } from '../../events/proposedAppend.js';
import { appendOnce } from '../grpcClient/appending/append.js';
import { assertEventStoreDBClient } from '../grpcClient/client/assertClient.js';
import { clientOf } from '../grpcClient/client/clientInternals.js';
import type { ClientSource } from '../grpcClient/client/clientSource.js';
import { headOf } from '../grpcClient/reading/head.js';
import { leavable } from '../grpcClient/reading/leavable.js';
import { readStream } from '../grpcClient/reading/readStream.js';
import type { StoreConnection } from '../grpcClient/client/storeConnection.js';
import { subscribe } from '../grpcClient/reading/subscribe.js';
import { requireSignal } from '../../lib/requireSignal.js';

/** How the store measures time. */
export interface EventStoreDBOptions {
  /**
   * Sends every call to the leader of a cluster. A follower's answers are behind; commands then decide on old state and
   * meet a conflict. The same is had for the whole client with `nodePreference=leader` in its connection string.
   *
   * @defaultValue false
   */
  readonly requiresLeader?: boolean;
  /**
   * How long the server may take for one append, in milliseconds. An append is given up 2 s after it, but not before 22 s
   * have passed.
   *
   * @defaultValue the client's `defaultDeadline`
   */
  readonly deadlineMs?: number;
  /**
   * How many events of other streams the server looks at before it tells a subscription how far it is.
   *
   * @defaultValue 4096
   */
  readonly maxSearchWindow?: number;
  /** The clock of deadlines and delays. @defaultValue the clock of the machine */
  readonly clock?: Clock;
  /** Draws the ids of events that come without one. @defaultValue random UUIDs */
  readonly generateID?: () => string;
}

/** An event store on EventStoreDB. Closing it ends its subscriptions; the client stays open and belongs to the application. */
export interface EventStoreDBEventStore extends EventStore, AsyncDisposable {
  readonly firstVersion: bigint;
  /** @throws {@link EventStoreUnavailableError}, {@link EventStoreAccessDeniedError} */
  head(): Promise<bigint>;
  close(): Promise<void>;
}

/**
 * Keeps events in EventStoreDB, through the client of the application.
 *
 * What an error of `append` says about the events:
 * - {@link ConcurrencyConflictError}, {@link StreamDeletedError}, {@link AppendTooLargeError},
 *   {@link EventStoreAccessDeniedError} and {@link InvalidArgumentError}: nothing was written.
 * - {@link OutcomeUnknownError}: whether they were written is unknown. Repeating the append with the same ids and the same version, or `'no-stream'`, writes
 *   nothing twice. Under `'any'` and `'stream-exists'` the server may have forgotten the ids, so there the last 1 000 events
 *   of the stream are looked at once: where all ids are among them the append has succeeded. It is never repeated.
 *
 * Reads and subscriptions fail with {@link EventStoreUnavailableError}, also where the server ends them silently.
 * `subscribe` and `head` read `$all`, which a secured server lets administrators read, and users that its access lists name.
 *
 * @param client - the client, or a function that gives it at every use, so that it can be replaced
 */
export function fromEventStoreDB(
  client: ClientSource,
  options: EventStoreDBOptions = {},
): EventStoreDBEventStore {
  const { generateID = randomUUID } = options;
  if (typeof client !== 'function') assertEventStoreDBClient(client);
  const closing = new AbortController();
  const connection = toConnection(options, () => {
    if (closing.signal.aborted)
      throw new EventStoreUnavailableError('this event store is closed; nothing was read or appended', {
        closed: true,
      });
    return clientOf(client);
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

function toConnection(options: EventStoreDBOptions, client: () => EventStoreDBClient): StoreConnection {
  const { clock = systemClock(), requiresLeader, deadlineMs, maxSearchWindow = 4096 } = options;
  if (!Number.isSafeInteger(maxSearchWindow) || maxSearchWindow < 1)
    throw new InvalidArgumentError(`maxSearchWindow is a whole number of at least 1, not ${maxSearchWindow}`);
  if (deadlineMs !== undefined && !(deadlineMs > 0))
    throw new InvalidArgumentError(`deadlineMs is a number of milliseconds above 0, not ${deadlineMs}`);
  const leader = requiresLeader === undefined ? {} : { requiresLeader };
  return {
    client,
    clock,
    read: leader,
    append: { ...leader, ...(deadlineMs !== undefined && { deadline: deadlineMs }) },
    maxSearchWindow,
  };
}
