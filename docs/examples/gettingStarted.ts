/** The code of docs/getting-started.md, in its order. Both sides run here: the application and the endpoint that it calls. */
// #region imports
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createActions, createKeyring, isActionsError } from 'eventstore-actions';
import { amend, createReceiver, refuse } from 'eventstore-actions/receiver';
import { sqliteEventStore } from 'eventstore-actions/sqlite';

const port = Number(process.env['PORT'] ?? 4000);
const path = process.env['EVENTS_DB'] ?? 'events.db';
// Each run starts with an empty store.
for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
// #endregion imports

// #region open
const eventStore = sqliteEventStore({ path });
const actions = await createActions({
  eventStore,
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: randomBytes(32) } }),
  network: { allow: ['127.0.0.1/32'] },
});
// #endregion open

// #region target
const policy = await actions.targets.add({
  name: 'order policy',
  type: 'requestResponse',
  endpoint: `http://127.0.0.1:${port}/orders`,
  interruptOnError: true,
  timeoutMs: 2_000,
});
// #endregion target

// #region endpoint
interface Order {
  readonly total: number;
}

const receiver = createReceiver({ signingKeys: [policy.signingKey] });

const endpoint = createServer(async (request, response) => {
  try {
    const call = await receiver.read<Order>({ headers: request.headers, body: request });
    if (call.kind !== 'event') throw new Error(`this endpoint judges events, not a ${call.kind}`);
    const order = call.payload.event_payload;
    const reply =
      order.total > 1_000 ? refuse(403, 'ask a manager') : amend({ ...order, reviewedBy: 'order policy' });
    response.writeHead(reply.status, reply.headers).end(reply.body);
  } catch (error) {
    response.writeHead(isActionsError(error) ? error.status : 500).end();
  }
});
endpoint.listen(port, '127.0.0.1');
// #endregion endpoint

// #region execution
await actions.executions.set({ event: { group: 'order' } }, [policy.id]);
// #endregion execution

// #region append
const guarded = actions.intercept(eventStore);

const { version } = await guarded.append('order-1', [{ type: 'order.placed', data: { total: 250 } }], {
  expectedVersion: 'no-stream',
});

for await (const event of eventStore.readStream('order-1')) console.log(event.type, event.data);
// #endregion append

// #region veto
try {
  await guarded.append('order-1', [{ type: 'order.enlarged', data: { total: 5_000 } }], {
    expectedVersion: version,
  });
} catch (error) {
  if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
  console.log(error.status, error.message);
}
// #endregion veto

// #region explain
console.log(actions.explain({ event: 'order.placed' }).winner);
console.log(actions.explain({ event: 'invoice.sent' }).winner);
// #endregion explain

// #region close
await actions.close();
await eventStore.close();
endpoint.close();
// #endregion close
