/** The code of docs/guides/connect.md: an order service whose requests, responses and events targets govern. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Code, ConnectError, createClient, type ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node';
import { createActions, createKeyring } from 'eventstore-actions';
import { actionsInterceptor } from 'eventstore-actions/connect';
import { sqliteEventStore } from 'eventstore-actions/sqlite';
import { govern } from './orderService/governance.js';
import { OrderService } from './orderService/orders_pb.js';

// #region open
await using eventStore = sqliteEventStore({ path: process.env['EVENTS_DB'] ?? 'events.db' });
await using actions = await createActions({
  eventStore,
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: randomBytes(32) } }),
  network: { allow: ['127.0.0.1/32'] },
});
const store = actions.intercept(eventStore);
// #endregion open
await using _governance = await govern(actions);

// #region serve
const routes = (router: ConnectRouter) =>
  router.service(OrderService, {
    async placeOrder({ item, quantity }) {
      const orderId = randomUUID();
      await store.append(`order-${orderId}`, [{ type: 'order.placed', data: { item, quantity } }]);
      return { orderId };
    },
  });

const interceptor = actionsInterceptor(actions, {
  caller: (header) => ({ userID: header.get('x-user') ?? undefined }),
});
const handle = connectNodeAdapter({ routes, interceptors: [interceptor] });
const server = createServer((request, response) => {
  try {
    handle(request, response);
  } catch {
    // A request of HTTP/1.0 without a host, say: what is thrown here would end the process.
    response.writeHead(400).end();
  }
});
// #endregion serve

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const client = createClient(OrderService, createConnectTransport({ baseUrl, httpVersion: '1.1' }));
for (const quantity of [2, 1_000])
  try {
    const { message } = await client.placeOrder({ item: 'book', quantity }, { headers: { 'x-user': 'ada' } });
    console.log('OK', message);
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    console.log(Code[error.code], error.rawMessage);
  }
server.closeAllConnections();
server.close();
