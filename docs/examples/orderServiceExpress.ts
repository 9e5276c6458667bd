/** The code of docs/guides/express.md: an order service whose requests, responses and events targets govern. */
// #region imports
import { randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createActions, createKeyring, memoryEventStore } from 'eventstore-actions';
import { actionsProblems, expressActions } from 'eventstore-actions/express';
import { govern } from './orderService/governance.js';
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

// #region route
interface Order {
  readonly item: string;
  readonly quantity: number;
}

const app = express();
app.post(
  '/orders',
  express.json(),
  expressActions(actions, {
    method: '/orders.v1.OrderService/PlaceOrder',
    caller: (request) => ({ userID: request.get('x-user') }),
  }),
  async (request, response) => {
    const orderId = randomUUID();
    const { item, quantity } = request.body as Order;
    await store.append(`order-${orderId}`, [{ type: 'order.placed', data: { item, quantity } }]);
    response.json({ orderId });
  },
);
app.use(actionsProblems);
// #endregion route

// #region try
const governance = await govern(actions);
const server = app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
for (const quantity of [2, 1_000]) {
  const response = await fetch(`${origin}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user': 'ada' },
    body: JSON.stringify({ item: 'book', quantity }),
  });
  const { message, detail } = (await response.json()) as { message?: string; detail?: string };
  console.log(response.status, message ?? detail);
}
server.closeAllConnections();
server.close();
await governance.close();
await actions.close();
// #endregion try
