/** The code of docs/guides/fastify.md: an order service whose requests, responses and events targets govern. */
// #region imports
import { randomBytes, randomUUID } from 'node:crypto';
import fastify from 'fastify';
import { createActions, createKeyring, memoryEventStore } from 'eventstore-actions';
import { actionsProblems, fastifyActions } from 'eventstore-actions/fastify';
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

// #region serve
const app = fastify();
await app.register(fastifyActions, {
  actions,
  caller: (request) => ({ userID: request.headers['x-user']?.toString() }),
});
app.setErrorHandler(actionsProblems);
// #endregion serve

// #region route
interface Order {
  readonly item: string;
  readonly quantity: number;
}

app.post<{ Body: Order }>(
  '/orders',
  {
    config: { actionsMethod: '/orders.v1.OrderService/PlaceOrder' },
    schema: {
      body: {
        type: 'object',
        required: ['item', 'quantity'],
        properties: { item: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } },
      },
    },
  },
  async (request) => {
    const orderId = randomUUID();
    const { item, quantity } = request.body;
    await store.append(`order-${orderId}`, [{ type: 'order.placed', data: { item, quantity } }]);
    return { orderId };
  },
);
// #endregion route

// #region try
const governance = await govern(actions);
const origin = await app.listen({ port: 0, host: '127.0.0.1' });
for (const quantity of [2, 1_000]) {
  const response = await fetch(`${origin}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user': 'ada' },
    body: JSON.stringify({ item: 'book', quantity }),
  });
  const { message, detail } = (await response.json()) as { message?: string; detail?: string };
  console.log(response.status, message ?? detail);
}
await app.close();
await governance.close();
await actions.close();
// #endregion try
