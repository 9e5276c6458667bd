import type serverfeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { messages } from './protocol.js';
import type { Node } from './node.js';
import { failure } from './trailers.js';

const streams = 'event_store.client.streams.streams';
const persistentSubscriptions = 'event_store.client.persistent_subscriptions.persistentsubscriptions';
const everywhere = ['stream', 'all'];

/** The list of EventStoreDB 24.2, in its lower case. */
const methods: readonly (readonly [service: string, method: string, features: readonly string[]])[] = [
  [streams, 'read', ['position', 'events']],
  [streams, 'append', []],
  [streams, 'delete', []],
  [streams, 'tombstone', []],
  [streams, 'batchappend', ['deadline_duration']],
  [persistentSubscriptions, 'create', everywhere],
  [persistentSubscriptions, 'update', everywhere],
  [persistentSubscriptions, 'delete', everywhere],
  [persistentSubscriptions, 'read', everywhere],
  [persistentSubscriptions, 'getinfo', everywhere],
  [persistentSubscriptions, 'replayparked', everywhere],
  [persistentSubscriptions, 'list', everywhere],
  [persistentSubscriptions, 'restartsubsystem', []],
];

const together: typeof methods = [
  ['kurrentdb.protocol.v2.streams.streamsservice', 'appendsession', []],
  ['kurrentdb.protocol.v2.streams.streamsservice', 'appendrecords', []],
];

const supported = (
  version: string,
  listed: typeof methods,
  without: string | undefined,
): serverfeatures.SupportedMethods =>
  new messages.serverfeatures.SupportedMethods().setEventStoreServerVersion(version).setMethodsList(
    listed
      .filter(([, method]) => method !== without)
      .map(([service, method, features]) =>
        new messages.serverfeatures.SupportedMethod()
          .setServiceName(service)
          .setMethodName(method)
          .setFeaturesList([...features]),
      ),
  );

/** ServerFeatures/GetSupportedMethods: by it a client decides whether it appends in batches. */
export const getSupportedMethods =
  (node: Node) =>
  (
    _call: ServerUnaryCall<unknown, serverfeatures.SupportedMethods>,
    respond: sendUnaryData<serverfeatures.SupportedMethods>,
  ): void => {
    const { faults } = node;
    const planned = faults.takeFailure('features');
    if (faults.silent.has('features')) return;
    if (planned) respond(planned);
    else if (faults.serverFeatures === 'unimplemented')
      respond(failure(status.UNIMPLEMENTED, 'Unimplemented'));
    else {
      const { appendsTogether } = node.settings;
      const version = faults.withoutCaughtUp ? '22.10.5' : appendsTogether ? '26.1.0' : '24.2.0';
      const listed = appendsTogether ? [...methods, ...together] : methods;
      const without = faults.serverFeatures === undefined ? undefined : 'batchappend';
      respond(null, supported(version, listed, without));
    }
  };
