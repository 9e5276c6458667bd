import type { Clock, EventStore } from '../../ports.js';
import { clientEventStore } from '../grpcClient/clientEventStore.js';
import type { ClientSource } from './eventStoreDBClientSource.js';
import { eventStoreDBKind } from './eventStoreDBKind.js';

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
  return clientEventStore(eventStoreDBKind, client, options);
}
