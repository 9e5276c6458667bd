/**
 * A client of KurrentDB by shape: an application may have another copy of `@kurrent/kurrentdb-client` than this library sees,
 * and TypeScript tells the classes of two copies apart.
 */
export interface KurrentDBClientLike {
  /** The client's own. @throws the client's errors */
  appendToStream(stream: string, events: never, options?: never): Promise<unknown>;
  /** The client's own. @throws the client's errors */
  multiStreamAppend(requests: never): Promise<unknown>;
  /** The client's own. @throws the client's errors */
  appendRecords(records: never, checks?: never): Promise<unknown>;
  /** The client's own. */
  readStream(stream: string, options?: never): unknown;
  /** The client's own. */
  readAll(options?: never): unknown;
  /** The client's own. */
  subscribeToAll(options?: never): unknown;
  /** The client's own. @throws the client's errors */
  tombstoneStream(stream: string, options?: never): Promise<unknown>;
  /** The client's own. @throws the client's errors */
  dispose(): Promise<void>;
}

/**
 * A client, or a function that returns the client and is called at every use, so that the application can replace the
 * client.
 */
export type KurrentDBClientSource = KurrentDBClientLike | (() => KurrentDBClientLike);
