/** The code of docs/guides/postgres.md: an order service of Emmett and its policy target, all on one PostgreSQL. */
// #region imports
import { randomBytes, randomUUID } from 'node:crypto';
import { CommandHandler, type Event } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { createActions, createDeliveries, createKeyring, isActionsError } from 'eventstore-actions';
import { interceptEmmett } from 'eventstore-actions/emmett';
import {
  emmettPostgreSQLSource,
  postgresDeliveryStore,
  postgresEventStore,
} from 'eventstore-actions/postgres';
import pg from 'pg';
import { openCRM } from './orderService/crm.js';
import { openPolicyDesk } from './orderService/policyDesk.js';
// #endregion imports

// #region open
const connectionString = process.env['POSTGRES_URL'] ?? 'postgres://localhost/orders';
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
const desk = await openPolicyDesk();
const policy = await actions.targets.add({
  // Names are unique: use another name for each run of this page.
  name: `order policy ${randomUUID()}`,
  type: 'requestResponse',
  endpoint: desk.endpoint,
  interruptOnError: true,
});
await actions.executions.set({ event: { group: 'order' } }, [policy.id]);
desk.trust(policy.signingKey);
// #endregion policy

// #region run
type OrderPlaced = Event<'order.placed', { total: number }>;

const handle = CommandHandler<{ count: number }, OrderPlaced>({
  initialState: () => ({ count: 0 }),
  evolve: ({ count }) => ({ count: count + 1 }),
});
const [small, large] = [`order-${randomUUID()}`, `order-${randomUUID()}`];
await handle(store, small, () => ({ type: 'order.placed', data: { total: 250 } }));

const { events } = await store.readStream(small);
for (const { type, data } of events) console.log(type, data);

try {
  await handle(store, large, () => ({ type: 'order.placed', data: { total: 5_000 } }));
} catch (error) {
  if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
  console.log(error.status, error.message, await store.streamExists(large));
}
// #endregion run

// #region deliver
const crm = await openCRM();
const durable = await actions.targets.add({
  name: `crm ${randomUUID()}`,
  type: 'async',
  delivery: 'durable',
  deliverFrom: 'beginning',
  endpoint: crm.endpoint,
});
await actions.executions.set({ event: { group: 'order' } }, [policy.id, durable.id]);

const deliveries = createDeliveries({
  actions,
  store: postgresDeliveryStore({ pool }),
  source: emmettPostgreSQLSource({ pool }),
});
await deliveries.work();
console.log(await crm.heardOf(small));
// #endregion deliver

// #region close
await actions.targets.remove(policy.id);
await actions.targets.remove(durable.id);
await actions.close();
await emmett.close();
await eventStore.close();
await pool.end();
await desk.close();
await crm.close();
// #endregion close
