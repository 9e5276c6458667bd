/** The code of docs/guides/postgres.md: an order service of Emmett and its policy target, all on one PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { CommandHandler, type Event } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { createActions, createKeyring, isActionsError } from 'eventstore-actions';
import { interceptEmmett } from 'eventstore-actions/emmett';
import { postgresEventStore } from 'eventstore-actions/postgres';
import pg from 'pg';
import { openPolicyDesk } from './orderService/policyDesk.js';

const connectionString = process.env['POSTGRES_URL'] ?? 'postgres://localhost/orders';
const desk = await openPolicyDesk();
const { endpoint } = desk;

// #region open
const pool = new pg.Pool({ connectionString });
const eventStore = await postgresEventStore({ pool });
const actions = await createActions({
  eventStore,
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: randomBytes(32) } }),
  network: { allow: ['127.0.0.1/32'] },
});
// #endregion open

// #region emmett
const emmett = getPostgreSQLEventStore(connectionString);
const store = interceptEmmett(emmett, actions);
// #endregion emmett

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

// #region run
type OrderPlaced = Event<'order.placed', { total: number }>;

const handle = CommandHandler<{ count: number }, OrderPlaced>({
  initialState: () => ({ count: 0 }),
  evolve: ({ count }) => ({ count: count + 1 }),
});
await handle(store, 'order-1', () => ({ type: 'order.placed', data: { total: 250 } }));

const { events } = await store.readStream('order-1');
for (const { type, data } of events) console.log(type, data);

try {
  await handle(store, 'order-2', () => ({ type: 'order.placed', data: { total: 5_000 } }));
} catch (error) {
  if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
  console.log(error.status, error.message, await store.streamExists('order-2'));
}
// #endregion run

// #region close
await actions.close();
await emmett.close();
await eventStore.close();
await pool.end();
// #endregion close
await desk[Symbol.asyncDispose]();
