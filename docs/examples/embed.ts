/** The lines of the README. They name an endpoint that does not run, so the last ones show what that means. */
// #region embed
import { randomBytes } from 'node:crypto';
import { createActions, createKeyring, isActionsError, memoryEventStore } from 'eventstore-actions';

const eventStore = memoryEventStore(); // yours: sqliteEventStore({ path }), fromEventStoreDB(client) and so on
const actions = await createActions({
  eventStore,
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: randomBytes(32) } }), // seals signing keys
  network: { allow: ['127.0.0.1/32'] },
});

const { id } = await actions.targets.add({
  name: 'policy',
  type: 'requestResponse',
  endpoint: 'http://127.0.0.1:4000/orders',
  interruptOnError: true,
});
await actions.executions.set({ event: { group: 'order' } }, [id]);

const guarded = actions.intercept(eventStore);
try {
  await guarded.append('order-1', [{ type: 'order.placed', data: { total: 250 } }]);
} catch (error) {
  if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
  console.log(error.status, error.reason);
}
await actions.close();
// #endregion embed
