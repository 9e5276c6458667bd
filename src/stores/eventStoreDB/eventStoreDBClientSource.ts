import type { ClientLike } from '../grpcClient/client/clientShape.js';

/**
 * A client of EventStoreDB by shape: an application may have another copy of `@eventstore/db-client` than this library sees,
 * and TypeScript tells the classes of two copies apart.
 */
export interface EventStoreDBClientLike extends ClientLike {
  /** A member of `KurrentDBClient`, absent on this client: tells the two clients apart. */
  multiStreamAppend?: never;
}

/**
 * A client, or a function that returns the client and is called at every use, so that the application can replace the
 * client.
 */
export type ClientSource = EventStoreDBClientLike | (() => EventStoreDBClientLike);
