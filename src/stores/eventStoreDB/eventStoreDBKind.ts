import type { ClientKind } from '../grpcClient/client/clientKind.js';
import { commonMembers, isKurrentDBClient } from '../grpcClient/client/clientShape.js';
import type { ClientRead, EventStream } from '../grpcClient/client/streamsClient.js';

/**
 * The return value of reads of `@eventstore/db-client`: a `Readable`, which ends the call to the server only when it is
 * destroyed.
 */
interface CancellableStream extends EventStream {
  cancel(): Promise<void>;
}

/** The clients of `@eventstore/db-client`. */
export const eventStoreDBKind: ClientKind = {
  package: '@eventstore/db-client',
  versions: '6',
  product: 'EventStoreDB',
  expectation: 'expectedRevision',
  members: commonMembers,
  refusalOf: (client) =>
    isKurrentDBClient(client)
      ? "this is a KurrentDBClient, which appends in more ways: use interceptKurrentDB or fromKurrentDB of 'eventstore-actions/kurrentdb'"
      : undefined,
  hasDeadline21100: false,
  usesBatch: (_client, options) => options?.credentials === undefined,
  readStream: (client, stream, request) => readOf(client.readStream(stream, request)),
  readAll: (client, request) => readOf(client.readAll(request)),
};

function readOf(opened: unknown): ClientRead {
  const events = opened as CancellableStream;
  return {
    events,
    cancel: () => {
      events.cancel().catch(() => undefined);
    },
  };
}
