import type { ClientLike } from '../grpcClient/client/clientShape.js';

/**
 * A client of KurrentDB by shape: an application may have another copy of `@kurrent/kurrentdb-client` than this library sees,
 * and TypeScript tells the classes of two copies apart.
 */
export interface KurrentDBClientLike extends ClientLike {
  /** The client's own. @throws the client's errors */
  multiStreamAppend(requests: never): Promise<unknown>;
  /** The client's own. @throws the client's errors */
  appendRecords(records: never, checks?: never): Promise<unknown>;
}

/**
 * A client, or a function that returns the client and is called at every use, so that the application can replace the
 * client.
 */
export type KurrentDBClientSource = KurrentDBClientLike | (() => KurrentDBClientLike);
