import { createFileRegistry, fromJson, type DescService, type JsonValue } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { createClient, type ServiceImpl, type Transport } from '@connectrpc/connect';
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
import { closeAfterTest } from '../support/openActions.js';
import { callerOf } from './httpServer.js';

const field = (number: number, name: string, jsonName: string, type: string): JsonValue => ({
  name,
  jsonName,
  number,
  type,
  label: 'LABEL_OPTIONAL',
});

const rpc = (name: string, clientStreaming: boolean, serverStreaming: boolean): JsonValue => ({
  name,
  inputType: '.orders.v1.PlaceOrderRequest',
  outputType: '.orders.v1.PlaceOrderResponse',
  clientStreaming,
  serverStreaming,
});

/** What protoc makes of the service, as generated code would hold it. */
const descriptors: JsonValue = {
  file: [
    {
      name: 'orders/v1/orders.proto',
      package: 'orders.v1',
      syntax: 'proto3',
      messageType: [
        {
          name: 'PlaceOrderRequest',
          field: [
            field(1, 'item', 'item', 'TYPE_STRING'),
            field(2, 'quantity', 'quantity', 'TYPE_INT32'),
            field(3, 'customer_number', 'customerNumber', 'TYPE_INT64'),
            field(4, 'signature', 'signature', 'TYPE_BYTES'),
          ],
        },
        {
          name: 'PlaceOrderResponse',
          field: [
            field(1, 'order_id', 'orderId', 'TYPE_STRING'),
            field(2, 'quantity', 'quantity', 'TYPE_INT32'),
            field(3, 'text', 'text', 'TYPE_STRING'),
          ],
        },
      ],
      service: [
        {
          name: 'OrderService',
          method: [
            rpc('PlaceOrder', false, false),
            rpc('PlaceOrders', true, false),
            rpc('WatchOrder', false, true),
            rpc('Negotiate', true, true),
          ],
        },
      ],
    },
  ],
};

export const OrderService = createFileRegistry(fromJson(FileDescriptorSetSchema, descriptors)).getService(
  'orders.v1.OrderService',
) as DescService;

/** Messages as handlers hold them; generated code has types for them. */
export interface Order {
  readonly item: string;
  readonly quantity: number;
  readonly customerNumber: bigint;
  readonly signature: Uint8Array;
}
export interface Reply {
  readonly orderId?: string;
  readonly quantity?: number;
  readonly text?: string;
}

export interface OrderClient {
  placeOrder(order: Partial<Order>, options?: object): Promise<Reply>;
  placeOrders(orders: AsyncIterable<Partial<Order>>, options?: object): Promise<Reply>;
  watchOrder(order: Partial<Order>, options?: object): AsyncIterable<Reply>;
  negotiate(orders: AsyncIterable<Partial<Order>>, options?: object): AsyncIterable<Reply>;
}

export interface OrderHandlers {
  placeOrder?(order: Order): Promise<Reply>;
  placeOrders?(orders: AsyncIterable<Order>): Promise<Reply>;
  watchOrder?(order: Order): AsyncIterable<Reply>;
  negotiate?(orders: AsyncIterable<Order>): AsyncIterable<Reply>;
}

export const protocols = ['Connect', 'gRPC', 'gRPC-web'] as const;
export type Protocol = (typeof protocols)[number];

const transports: Readonly<Record<Protocol, (baseUrl: string, session: Http2SessionManager) => Transport>> = {
  Connect: (baseUrl, sessionManager) => createConnectTransport({ baseUrl, httpVersion: '2', sessionManager }),
  gRPC: (baseUrl, sessionManager) => createGrpcTransport({ baseUrl, sessionManager }),
  'gRPC-web': (baseUrl, sessionManager) =>
    createGrpcWebTransport({ baseUrl, httpVersion: '2', sessionManager }),
};

/** Starts a server that speaks all three protocols, and a client of one. */
export async function openConnect(
  actions: EdgeActions,
  handlers: OrderHandlers,
  protocol: Protocol,
): Promise<OrderClient> {
  const server = createServer(
    connectNodeAdapter({
      routes: (router) => router.service(OrderService, handlers as Partial<ServiceImpl<DescService>>),
      interceptors: [
        actionsInterceptor(actions, { caller: (header) => callerOf(Object.fromEntries(header.entries())) }),
      ],
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
