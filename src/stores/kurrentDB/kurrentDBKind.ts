import type { ClientKind } from '../grpcClient/client/clientKind.js';
import { commonMembers, hasMethod, isKurrentDBClient } from '../grpcClient/client/clientShape.js';
import { readAllByCall, readStreamByCall } from './readByCall.js';

/** The clients of `@kurrent/kurrentdb-client`. */
export const kurrentDBKind: ClientKind = {
  package: '@kurrent/kurrentdb-client',
  versions: '1.3.1 or later',
  product: 'KurrentDB',
  expectation: 'streamState',
  members: [...commonMembers, 'multiStreamAppend', 'appendRecords'],
  refusalOf: (client) =>
    !isKurrentDBClient(client) && commonMembers.every((member) => hasMethod(client, member))
      ? "this is an EventStoreDBClient, which expects versions by another name: use interceptClient or fromEventStoreDB of 'eventstore-actions/eventstoredb'"
      : undefined,
  hasDeadline21100: true,
  usesBatch: (client, options) =>
    options?.credentials === undefined &&
    (client as { readonly credentialsProvider?: unknown }).credentialsProvider === undefined,
  readStream: readStreamByCall,
  readAll: readAllByCall,
};
