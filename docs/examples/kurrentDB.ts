/** The code of docs/guides/kurrentdb.md: an order service on KurrentDB, guarded by a policy. Both sides run here. */
// #region imports
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import {
  jsonEvent,
  KurrentDBClient,
  UnsupportedError,
  WrongExpectedVersionError,
} from '@kurrent/kurrentdb-client';
import { createActions, createKeyring, isActionsError } from 'eventstore-actions';
import { fromKurrentDB, interceptKurrentDB } from 'eventstore-actions/kurrentdb';
import { allow, createReceiver, refuse } from 'eventstore-actions/receiver';

const port = Number(process.env['PORT'] ?? 4000);
const connectionString = process.env['KURRENTDB_URL'] ?? 'kurrentdb://127.0.0.1:2113?tls=false';
const key = randomBytes(32);
// #endregion imports

// #region open
const client = KurrentDBClient.connectionString(connectionString);

const actions = await createActions({
  eventStore: fromKurrentDB(client),
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: key } }),
  network: { allow: ['127.0.0.1/32'] },
});

const guarded = interceptKurrentDB(client, actions);
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
await actions.executions.set({ event: { group: 'order' } }, [policy.id]);
// #endregion policy

// #region place
async function placeOrder(order: string, total: number): Promise<string> {
  const event = jsonEvent({ type: 'order.placed', data: { total } });
  try {
    await guarded.appendToStream(`order-${order}`, event, { streamState: 'no_stream' });
    return 'placed';
  } catch (error) {
    return failureOf(error);
  }
}
// #endregion place

// #region together
/** Both orders or none: one append to two streams. */
async function splitOrder(totals: readonly [number, number]): Promise<string> {
  const requests = totals.map((total) => ({
    streamName: `order-${randomUUID()}`,
    events: [jsonEvent({ type: 'order.placed', data: { total } })],
    expectedState: 'no_stream' as const,
  }));
  try {
    await guarded.multiStreamAppend(requests);
    return 'both are placed';
  } catch (error) {
    return failureOf(error);
  }
}
// #endregion together

// #region failure
function failureOf(error: unknown): string {
  if (error instanceof WrongExpectedVersionError) return 'it was placed before';
  if (isActionsError(error, 'TARGET_INTERRUPTED')) return `refused: ${error.message}`;
  // The error of multiStreamAppend on a server before KurrentDB 25.1.
  if (error instanceof UnsupportedError) return error.message;
  throw error;
}
// #endregion failure

// #region run
const order = randomUUID();
console.log(await placeOrder(order, 250));
console.log(await placeOrder(order, 250));
console.log(await placeOrder(randomUUID(), 5_000));
console.log(await splitOrder([250, 250]));
console.log(await splitOrder([250, 5_000]));
// #endregion run

// #region close
await actions.executions.remove({ event: { group: 'order' } });
await actions.targets.remove(policy.id);
await actions.close();
await client.deleteStream(`order-${order}`);
await client.dispose();
endpoint.close();
// #endregion close
