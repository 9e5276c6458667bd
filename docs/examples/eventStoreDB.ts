/** The code of docs/guides/eventstoredb.md: an order service on EventStoreDB, guarded by a policy. Both sides run here. */
// #region imports
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { EventStoreDBClient, jsonEvent, WrongExpectedVersionError } from '@eventstore/db-client';
import { createActions, createKeyring, isActionsError } from 'eventstore-actions';
import { fromEventStoreDB, interceptClient } from 'eventstore-actions/eventstoredb';
import { allow, createReceiver, refuse } from 'eventstore-actions/receiver';

const port = Number(process.env['PORT'] ?? 4000);
const connectionString = process.env['EVENTSTOREDB_URL'] ?? 'esdb://127.0.0.1:2113?tls=false';
const key = randomBytes(32);
// #endregion imports

// #region open
const client = EventStoreDBClient.connectionString(connectionString);

const actions = await createActions({
  eventStore: fromEventStoreDB(client),
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: key } }),
  network: { allow: ['127.0.0.1/32'] },
});

const guarded = interceptClient(client, actions);
// #endregion open

// #region policy
const policy = await actions.targets.add({
  name: `order policy ${randomUUID()}`,
  type: 'webhook',
  endpoint: `http://127.0.0.1:${port}/orders`,
  interruptOnError: true,
});
const receiver = createReceiver({ signingKeys: [policy.signingKey] });
const endpoint = createServer(async (request, response) => {
  const call = await receiver.read<{ total: number }>({ headers: request.headers, body: request });
  const isLarge = call.kind === 'event' && call.payload.event_payload.total > 1_000;
  const reply = isLarge ? refuse(403, 'ask a manager') : allow();
  response.writeHead(reply.status, reply.headers).end(reply.body);
});
await new Promise<void>((resolve) => endpoint.listen(port, '127.0.0.1', resolve));
await actions.executions.set({ event: { event: 'order.placed' } }, [policy.id]);
// #endregion policy

// #region place
async function placeOrder(order: string, total: number): Promise<string> {
  const event = jsonEvent({ type: 'order.placed', data: { total } });
  try {
    await guarded.appendToStream(`order-${order}`, event, { expectedRevision: 'no_stream' });
    return 'placed';
  } catch (error) {
    if (error instanceof WrongExpectedVersionError) return 'it was placed before';
    if (isActionsError(error, 'TARGET_INTERRUPTED')) return `refused: ${error.message}`;
    throw error;
  }
}
// #endregion place

// #region run
const order = randomUUID();
console.log(await placeOrder(order, 250));
console.log(await placeOrder(order, 250));
console.log(await placeOrder(randomUUID(), 5_000));
// #endregion run

// #region close
await actions.executions.remove({ event: { event: 'order.placed' } });
await actions.targets.remove(policy.id);
await actions.close();
await client.deleteStream(`order-${order}`);
await client.dispose();
endpoint.close();
// #endregion close
