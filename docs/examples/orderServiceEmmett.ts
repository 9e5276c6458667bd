/** The code of docs/guides/emmett.md: an order service on Emmett that a policy target guards. Both sides run here. */
// #region imports
import { randomBytes, randomUUID } from 'node:crypto';
import {
  CommandHandler,
  getInMemoryEventStore,
  isExpectedVersionConflictError,
  type Event,
} from '@event-driven-io/emmett';
import { createActions, createKeyring, isActionsError, memoryEventStore } from 'eventstore-actions';
import { interceptEmmett } from 'eventstore-actions/emmett';
import { openPolicyDesk } from './orderService/policyDesk.js';
// #endregion imports

// #region open
const actions = await createActions({
  // In memory, so that each run starts empty. Use sqliteEventStore({ path }), fromEventStoreDB(client) or another store.
  eventStore: memoryEventStore(),
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: randomBytes(32) } }),
  network: { allow: ['127.0.0.1/32'] },
});

const store = interceptEmmett(getInMemoryEventStore(), actions);
// #endregion open

// #region policy
const desk = await openPolicyDesk();
const policy = await actions.targets.add({
  name: 'order policy',
  type: 'requestResponse',
  endpoint: desk.endpoint,
  interruptOnError: true,
});
await actions.executions.set({ event: { group: 'order' } }, [policy.id]);
desk.trust(policy.signingKey);
// #endregion policy

// #region handler
type OrderPlaced = Event<'order.placed', { total: number; at: Date; reviewed?: boolean }>;
type OrderPaid = Event<'order.paid', { method: string }>;
type OrderEvent = OrderPlaced | OrderPaid;
type Order = { status: 'empty' } | { status: 'open'; total: number } | { status: 'paid' };

const handle = CommandHandler<Order, OrderEvent>({
  initialState: () => ({ status: 'empty' }),
  evolve: (_order, { type, data }) =>
    type === 'order.placed' ? { status: 'open', total: data.total } : { status: 'paid' },
});

const place = (total: number) => (): OrderPlaced => ({
  type: 'order.placed',
  data: { total, at: new Date('2026-01-02T03:04:05Z') },
});
const pay = (order: Order): OrderPaid => {
  if (order.status !== 'open') throw new Error('there is nothing to pay');
  return { type: 'order.paid', data: { method: 'card' } };
};
// #endregion handler

// #region run
await actions.runAs({ userID: 'ann' }, () => handle(store, 'order-1', place(250)));
await handle(store, 'order-1', pay, { retry: { onVersionConflict: true } });

const { events } = await store.readStream('order-1');
for (const { type, data } of events) console.log(type, data);
// #endregion run

// #region veto
try {
  await handle(store, 'order-2', place(5_000));
} catch (error) {
  if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
  console.log(error.status, error.message, await store.streamExists('order-2'));
}
// #endregion veto

// #region retry
const retry = { retries: 3, shouldRetryError: isExpectedVersionConflictError };
await handle(store, 'order-3', place(100), { retry });
// #endregion retry

// #region messageID
const messageId = randomUUID();
await store.appendToStream('order-4', [{ ...place(100)(), metadata: { messageId } }]);
// #endregion messageID

// #region close
await desk.close();
await actions.close();
// #endregion close
