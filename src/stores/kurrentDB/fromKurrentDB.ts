import {
  clientEventStore,
  type ClientEventStore,
  type ClientStoreSettings,
} from '../grpcClient/clientEventStore.js';
import type { KurrentDBClientSource } from './kurrentDBClientSource.js';
import { kurrentDBKind } from './kurrentDBKind.js';

/** The options of {@link fromKurrentDB}. */
export interface KurrentDBOptions extends ClientStoreSettings {}

/** An event store on KurrentDB. Closing it ends its subscriptions; the client stays open and belongs to the application. */
export interface KurrentDBEventStore extends ClientEventStore {}

/**
 * Keeps events in KurrentDB, or in EventStoreDB, through the application's client of `@kurrent/kurrentdb-client` 1.3.
 *
 * What an error of `append` says about the events:
 * - {@link ConcurrencyConflictError}, {@link StreamDeletedError}, {@link AppendTooLargeError}, {@link
 *   EventStoreAccessDeniedError} and {@link InvalidArgumentError}: nothing was written.
 * - {@link OutcomeUnknownError}: whether they were written is unknown. Repeating the append with the same ids and the same
 *   version, or `'no-stream'`, writes nothing twice. Under `'any'` and `'stream-exists'` the server may have forgotten the
 *   ids. The store then reads the last 1 000 events of the stream once: where all ids are among them, the append has
 *   succeeded. The store never repeats an append.
 *
 * Reads and subscriptions reject with {@link EventStoreUnavailableError}, also where the server ends them without an error.
 * Reads use the connection of appends and subscriptions, so they work again as soon as the node does; the client's own
 * reads do not. `subscribe` and `head` read `$all`; a secured server allows this to administrators and to users in its
 * access control lists.
 *
 * @param client - the client, or a function that returns it and is called at every use, so that the application can replace
 *   the client
 * @throws {@link InvalidArgumentError} for a client of another kind, and where this process has also loaded
 *   `@eventstore/db-client`, which overwrites the messages of the client
 */
export function fromKurrentDB(
  client: KurrentDBClientSource,
  options: KurrentDBOptions = {},
): KurrentDBEventStore {
  return clientEventStore(kurrentDBKind, client, options);
}
