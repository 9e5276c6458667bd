import type code from '@eventstore/db-client/generated/code_pb.js';
import type { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type { PersistentSubscriptionsService } from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import type persistent from '@eventstore/db-client/generated/persistent_pb.js';
import type { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type serverfeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type status from '@eventstore/db-client/generated/status_pb.js';
import type { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { StreamsServiceService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_grpc_pb.js';
import type errorsOfMany from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/errors_pb.js';
import type streamsOfMany from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js';
import { isolatedModules } from './isolatedModules.js';

const load = isolatedModules('@eventstore/db-client');
const loadSecond = isolatedModules('@kurrent/kurrentdb-client');

/** The messages of the protocol: what both clients send and read. */
export const messages = {
  code: load('generated/code_pb.js') as typeof code,
  gossip: load('generated/gossip_pb.js') as typeof gossip,
  persistent: load('generated/persistent_pb.js') as typeof persistent,
  serverfeatures: load('generated/serverfeatures_pb.js') as typeof serverfeatures,
  shared: load('generated/shared_pb.js') as typeof shared,
  status: load('generated/status_pb.js') as typeof status,
  streams: load('generated/streams_pb.js') as typeof streams,
  /** Of the second version of the protocol: appends to several streams. */
  streamsOfMany: loadSecond('generated/kurrentdb/protocols/v2/streams/streams_pb.js') as typeof streamsOfMany,
  errorsOfMany: loadSecond('generated/kurrentdb/protocols/v2/streams/errors_pb.js') as typeof errorsOfMany,
};

/** The services, as a server of grpc-js takes them. */
export const services = {
  ...(load('generated/gossip_grpc_pb.js') as { readonly GossipService: typeof GossipService }),
  ...(load('generated/persistent_grpc_pb.js') as {
    readonly PersistentSubscriptionsService: typeof PersistentSubscriptionsService;
  }),
  ...(load('generated/serverfeatures_grpc_pb.js') as {
    readonly ServerFeaturesService: typeof ServerFeaturesService;
  }),
  ...(load('generated/streams_grpc_pb.js') as { readonly StreamsService: typeof StreamsService }),
  ...(loadSecond('generated/kurrentdb/protocols/v2/streams/streams_grpc_pb.js') as {
    readonly StreamsServiceService: typeof StreamsServiceService;
  }),
};
