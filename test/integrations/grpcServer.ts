import {
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type Client,
  type ClientOptions,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Options } from '@grpc/proto-loader';
import type { EdgeActions } from '../../src/integrations/edge.js';
import { guardService } from '../../src/integrations/grpc/index.js';
import { closeAfterTest } from '../support/closings.js';
import { callerOf } from './httpServer.js';
import { loadOrders } from './loadOrders.js';

/** Metadata as the HTTP tests send headers. */
export function metadataOf(values: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(values)) metadata.set(name, value);
  return metadata;
}

/** Starts a server on loopback, and gives a client of it; both end after the test. */
export async function connect(
  server: Server,
  OrderService: ReturnType<typeof loadOrders>,
  options: ClientOptions = {},
) {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  const client = new OrderService(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
    options,
  ) as unknown as Client & Record<string, (...sent: unknown[]) => unknown>;
  closeAfterTest(() => {
    client.close();
    server.forceShutdown();
  });
  return client;
}

/** Starts a server with guarded handlers, and a client of it. */
export async function openGrpc(
  actions: EdgeActions | undefined,
  handlers: UntypedServiceImplementation,
  options: Options = {},
) {
  const OrderService = loadOrders(options);
  const server = new Server();
  const caller = (metadata: Metadata) =>
    callerOf(metadata.getMap() as Readonly<Record<string, string | undefined>>);
  const { service } = OrderService;
  server.addService(service, actions ? guardService(service, handlers, actions, { caller }) : handlers);
  const client = await connect(server, OrderService);
  return {
    client,
    /** Calls a unary method; rejects with gRPC's error. */
    unary: (
      method: string,
      message: object,
      headers: Readonly<Record<string, string>> = {},
      callOptions: object = {},
    ): Promise<Record<string, unknown>> =>
      new Promise((resolve, reject) => {
        client[method]?.(
          message,
          metadataOf(headers),
          callOptions,
          (error: Error | null, value: Record<string, unknown>) => {
            if (error) reject(error);
            else resolve(value);
          },
        );
      }),
  };
}
