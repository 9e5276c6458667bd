import type { DescService } from '@bufbuild/protobuf';
import { createClient, type Interceptor, type ServiceImpl, type Transport } from '@connectrpc/connect';
import {
  connectNodeAdapter,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { actionsInterceptor } from '../../src/integrations/connect/index.js';
import type { EdgeActions } from '../../src/integrations/edge.js';
import { closeAfterTest } from '../support/closings.js';
import { callerOf } from './httpServer.js';
import { OrderService, type OrderClient, type OrderHandlers } from './orderService.js';

export const protocols = ['Connect', 'gRPC', 'gRPC-web'] as const;
/** Messages are binary, except over `Connect in JSON`. */
export type Protocol = (typeof protocols)[number] | 'Connect in JSON';

const transports: Readonly<Record<Protocol, (baseUrl: string, session: Http2SessionManager) => Transport>> = {
  Connect: (baseUrl, sessionManager) => createConnectTransport({ baseUrl, httpVersion: '2', sessionManager }),
  'Connect in JSON': (baseUrl, sessionManager) =>
    createConnectTransport({ baseUrl, httpVersion: '2', sessionManager, useBinaryFormat: false }),
  gRPC: (baseUrl, sessionManager) => createGrpcTransport({ baseUrl, sessionManager }),
  'gRPC-web': (baseUrl, sessionManager) =>
    createGrpcWebTransport({ baseUrl, httpVersion: '2', sessionManager }),
};

/**
 * Starts a server that speaks all three protocols, and a client of one. `outermost` sees all incoming and outgoing
 * messages; without `actions` calls are not judged.
 */
export async function openConnect(
  actions: EdgeActions | undefined,
  handlers: OrderHandlers,
  protocol: Protocol,
  outermost: readonly Interceptor[] = [],
): Promise<OrderClient> {
  const caller = (header: Headers) => callerOf(Object.fromEntries(header.entries()));
  const server = createServer(
    connectNodeAdapter({
      routes: (router) => router.service(OrderService, handlers as Partial<ServiceImpl<DescService>>),
      interceptors: [...outermost, ...(actions ? [actionsInterceptor(actions, { caller })] : [])],
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const session = new Http2SessionManager(baseUrl);
  closeAfterTest(async () => {
    session.abort();
    await new Promise((resolve) => server.close(resolve));
  });
  return createClient(OrderService, transports[protocol](baseUrl, session)) as unknown as OrderClient;
}
