import { Server, ServerCredentials } from '@grpc/grpc-js';
import { appendRecords, appendSession } from './appendTogether.js';
import { batchAppend } from './batchAppend.js';
import { classicAppend } from './classicAppend.js';
import { Connections } from './connections.js';
import { deleteStream, tombstoneStream } from './deletion.js';
import { readGossip } from './gossip.js';
import type { Node } from './node.js';
import { persistentManagement } from './persistentManagement.js';
import { consumeGroup } from './persistentRead.js';
import { services } from './protocol.js';
import { read } from './read.js';
import { getSupportedMethods } from './serverFeatures.js';

/** Room for the largest event, which clients of another protocol than gRPC can write. Bytes. */
const maxMessageLength = 17 * 1024 * 1024;

const serverOf = (node: Node): Server => {
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageLength,
    'grpc.enable_channelz': 0,
  });
  server.addService(services.StreamsService, {
    read: read(node),
    append: classicAppend(node),
    batchAppend: batchAppend(node),
    delete: deleteStream(node),
    tombstone: tombstoneStream(node),
  });
  if (node.settings.appendsTogether)
    server.addService(services.StreamsServiceService, {
      appendSession: appendSession(node),
      appendRecords: appendRecords(node),
    });
  server.addService(services.PersistentSubscriptionsService, {
    ...persistentManagement(node),
    read: consumeGroup(node),
  });
  server.addService(services.ServerFeaturesService, { getSupportedMethods: getSupportedMethods(node) });
  server.addService(services.GossipService, { read: readGossip(node) });
  return server;
};

/** One life of a server process, from its start until it is killed. */
export type RunningServer = {
  readonly port: number;
  /** Resets the connection a call came over. */
  readonly cut: (peer: string) => void;
  /** Ends every connection and frees the port. @param flush - whether written answers are still sent */
  readonly stop: (flush: boolean) => Promise<void>;
};

export const startServer = async (
  host: string,
  port: number,
  createNode: (cut: (peer: string) => void, signal: AbortSignal) => Node,
): Promise<RunningServer> => {
  const killed = new AbortController();
  const connections: Connections = new Connections((socket) => {
    injector.injectConnection(socket);
  });
  const cut = connections.cut.bind(connections);
  const server = serverOf(createNode(cut, killed.signal));
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const bound = await connections.listen(host, port);
  return {
    port: bound,
    cut,
    stop: async (flush) => {
      killed.abort();
      await connections.close(flush);
      server.forceShutdown();
    },
  };
};
