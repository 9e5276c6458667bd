/**
 * An order service on EventStoreDB that a policy target guards: orders come in over HTTP, are decided from their stream, and
 * are appended through a client that asks the policy first. Both sides run here, and a customer.
 *
 * EVENTSTOREDB_URL says where EventStoreDB is. The streams of every run are its own, and stay.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import {
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
  type JSONEventType,
} from '@eventstore/db-client';
import { createActions, createKeyring, isActionsError } from 'eventstore-actions';
import { fromEventStoreDB, interceptClient } from 'eventstore-actions/eventstoredb';
import { openPolicyDesk } from './orderService/policyDesk.js';

const url = process.env['EVENTSTOREDB_URL'] ?? 'esdb://127.0.0.1:2113?tls=false';
const run = randomBytes(4).toString('hex');
const desk = await openPolicyDesk();
const { endpoint } = desk;

// #region open
const client = EventStoreDBClient.connectionString(url);
const eventStore = fromEventStoreDB(client);
const actions = await createActions({
  eventStore,
  instanceID: `orders_${run}`,
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: randomBytes(32) } }),
  network: { allow: ['127.0.0.1/32'] },
});

const guarded = interceptClient(client, actions);
// #endregion open

// #region policy
const policy = await actions.targets.add({
  name: 'order policy',
  type: 'requestResponse',
  endpoint,
  interruptOnError: true,
});
await actions.executions.set({ event: { group: 'order' } }, [policy.id]);
// #endregion policy
desk.trust(policy.signingKey);

// #region handler
type OrderPlaced = JSONEventType<'order.placed', { total: number; reviewed?: boolean }>;
type OrderPaid = JSONEventType<'order.paid', { method: string }>;
type OrderEvent = OrderPlaced | OrderPaid;
type Order = 'empty' | 'open' | 'paid';

const evolve = (_order: Order, { type }: OrderEvent): Order => (type === 'order.placed' ? 'open' : 'paid');

async function handle(stream: string, decide: (order: Order) => OrderEvent): Promise<bigint> {
  let order: Order = 'empty';
  let expectedRevision: AppendExpectedRevision = NO_STREAM;
  try {
    for await (const { event } of guarded.readStream<OrderEvent>(stream)) {
      if (!event) continue;
      order = evolve(order, event);
      expectedRevision = event.revision;
    }
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  const event = jsonEvent<OrderEvent>(decide(order));
  const { nextExpectedRevision } = await guarded.appendToStream(stream, event, { expectedRevision });
  return nextExpectedRevision;
}
// #endregion handler

const place = (total: number) => (order: Order) => {
  if (order !== 'empty') throw new RangeError('this order was placed before');
  return { type: 'order.placed', data: { total } } as const;
};
const pay = (method: string) => (order: Order) => {
  if (order !== 'open') throw new RangeError('there is nothing to pay');
  return { type: 'order.paid', data: { method } } as const;
};

// #region service
const service = createServer(async (request, response) => {
  const answer = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  try {
    const { total, method } = (await json(request)) as { total?: number; method?: string };
    const stream = `order_${run}-${String(request.url).slice(1)}`;
    const decide = method === undefined ? place(Number(total)) : pay(method);
    const userID = String(request.headers['x-user'] ?? 'anonymous');
    const revision = await actions.runAs({ userID }, () => handle(stream, decide));
    answer(200, { revision: String(revision) });
  } catch (error) {
    if (isActionsError(error)) answer(error.status, { refused: error.message });
    else if (error instanceof WrongExpectedVersionError) answer(409, { refused: 'the order has changed' });
    else if (error instanceof RangeError) answer(409, { refused: error.message });
    else answer(500, {});
  }
});
// #endregion service
service.listen(0, '127.0.0.1');
await once(service, 'listening');
const { port } = service.address() as AddressInfo;

const order = async (id: string, body: object): Promise<void> => {
  const answer = await fetch(`http://127.0.0.1:${port}/${id}`, {
    method: 'POST',
    headers: { 'x-user': 'ann' },
    body: JSON.stringify(body),
  });
  console.log(id, body, answer.status, await answer.text());
};
await order('1', { total: 250 });
await order('1', { method: 'card' });
await order('1', { method: 'card' });
await order('2', { total: 5_000 });
for await (const { event } of client.readStream(`order_${run}-1`))
  console.log('stored', event?.type, event?.data);

// #region close
service.close();
await actions.close();
await eventStore.close();
await client.dispose();
// #endregion close
await desk.close();
