/** The code of docs/guides/connect.md: an order service whose requests, responses and events targets govern. */
// #region imports
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Code, ConnectError, createClient, type ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node';
import { createActions, createKeyring, memoryEventStore } from 'eventstore-actions';
import { actionsInterceptor } from 'eventstore-actions/connect';
import { govern } from './orderService/governance.js';
import { OrderService } from './orderService/orders_pb.js';
// #endregion imports

// #region open
// In memory, so that each run starts empty. Use sqliteEventStore({ path }), fromEventStoreDB(client) or another store.
const eventStore = memoryEventStore();
const actions = await createActions({
  eventStore,
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: randomBytes(32) } }),
  network: { allow: ['127.0.0.1/32'] },
});
const store = actions.intercept(eventStore);
// #endregion open

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
    // A request of HTTP/1.0 without a host, for example: an uncaught error would end the process.
    response.writeHead(400).end();
  }
});
// #endregion serve

// #region try
const governance = await govern(actions);
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
await governance.close();
await actions.close();
// #endregion try
