import { createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { credentials, type Client } from '@grpc/grpc-js';
import { Pool } from 'undici';
import { loadOrders } from '../integrations/loadOrders.js';
import { OrderService, type OrderClient } from '../integrations/orderService.js';
import type { Framework } from './integrationServer.js';

/** The number of calls at once. */
export const atOnce = 16;
const order = { item: 'book', quantity: 2 };

export interface OrdersClient {
  send(): Promise<unknown>;
  close(): void;
}

function grpcClient(port: number): OrdersClient {
  const client = new (loadOrders())(`127.0.0.1:${port}`, credentials.createInsecure()) as Client &
    Record<string, (...sent: unknown[]) => unknown>;
  return {
    send: () =>
      new Promise((resolve, reject) => {
        client['PlaceOrder']?.(order, (error: Error | null, value: unknown) => {
          if (error) reject(error);
          else resolve(value);
        });
      }),
    close: () => {
      client.close();
    },
  };
}

function connectClient(port: number): OrdersClient {
  const baseUrl = `http://127.0.0.1:${port}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  const transport = createConnectTransport({ baseUrl, httpVersion: '2', sessionManager });
  const client = createClient(OrderService, transport) as unknown as OrderClient;
  return {
    send: () => client.placeOrder(order),
    close: () => {
      sessionManager.abort();
    },
  };
}

function httpClient(port: number): OrdersClient {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: atOnce });
  const body = JSON.stringify(order);
  const headers = { 'content-type': 'application/json' };
  return {
    async send() {
      const { statusCode, body: answer } = await pool.request({ path: '/', method: 'POST', headers, body });
      if (statusCode !== 200) throw new Error(`answered with ${statusCode}`);
      return answer.dump();
    },
    close: () => void pool.destroy(),
  };
}

const clients: Readonly<Record<Framework, (port: number) => OrdersClient>> = {
  express: httpClient,
  fastify: httpClient,
  grpc: grpcClient,
  connect: connectClient,
};

export const openClient = (framework: Framework, port: number): OrdersClient => clients[framework](port);
