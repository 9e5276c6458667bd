import {
  clientEventStore,
  type ClientEventStore,
  type ClientStoreSettings,
} from '../grpcClient/clientEventStore.js';
import type { ClientSource } from './eventStoreDBClientSource.js';
import { eventStoreDBKind } from './eventStoreDBKind.js';

/** The options of {@link fromEventStoreDB}. */
export interface EventStoreDBOptions extends ClientStoreSettings {}

/** An event store on EventStoreDB. Closing it ends its subscriptions; the client stays open and belongs to the application. */
export interface EventStoreDBEventStore extends ClientEventStore {}

/**
 * Keeps events in EventStoreDB, through the client of the application.
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
 * `subscribe` and `head` read `$all`; a secured server allows this to administrators and to users in its access control
 * lists.
 *
 * @param client - the client, or a function that returns it and is called at every use, so that the application can replace
 *   the client
 */
export function fromEventStoreDB(
  client: ClientSource,
  options: EventStoreDBOptions = {},
): EventStoreDBEventStore {
  return clientEventStore(eventStoreDBKind, client, options);
}
