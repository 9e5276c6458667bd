/**
 * A client of EventStoreDB by shape: an application may have another copy of `@eventstore/db-client` than this library sees,
 * and TypeScript tells the classes of two copies apart.
 */
export interface EventStoreDBClientLike {
  appendToStream(stream: string, events: never, options?: never): Promise<unknown>;
  readStream(stream: string, options?: never): unknown;
  readAll(options?: never): unknown;
  subscribeToAll(options?: never): unknown;
  tombstoneStream(stream: string, options?: never): Promise<unknown>;
  dispose(): Promise<void>;
  /** Only `KurrentDBClient` has it. */
  multiStreamAppend?: never;
}

/** A client, or a function that gives it at every use, so that its owner can replace it. */
export type ClientSource = EventStoreDBClientLike | (() => EventStoreDBClientLike);
