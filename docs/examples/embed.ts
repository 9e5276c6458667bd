/** The lines of the README. They name an endpoint that does not run; the last lines show the effect. */
// #region embed
import { createActions, createKeyring, isActionsError, memoryEventStore } from 'eventstore-actions';

const eventStore = memoryEventStore(); // yours: sqliteEventStore({ path }), fromEventStoreDB(client) and so on
const key = Buffer.alloc(32, 'keep this secret'); // yours: 32 random bytes, the same in every run
const keyring = createKeyring({ activeKeyID: 'first', keys: { first: key } }); // seals signing keys
const actions = await createActions({ eventStore, keyring, network: { allow: ['127.0.0.1/32'] } });
const policy = { name: 'policy', endpoint: 'http://127.0.0.1:4000/orders', interruptOnError: true };
const known = await actions.targets.list({ filter: { name: { equals: policy.name } } });
const { id } = known.items[0] ?? (await actions.targets.add({ type: 'requestResponse', ...policy }));
await actions.executions.set({ event: { group: 'order' } }, [id]);

const guarded = actions.intercept(eventStore);
const placing = guarded.append('order-1', [{ type: 'order.placed', data: { total: 250 } }]);
const error: unknown = await placing.catch((thrown: unknown) => thrown);
if (isActionsError(error, 'TARGET_INTERRUPTED')) console.log(error.status, error.reason);
await actions.close();
// #endregion embed
