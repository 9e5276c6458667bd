/** The ten lines of the README. They name an endpoint that nobody runs here, so the last line shows what that means. */
import { randomBytes } from 'node:crypto';
import { createActions, createKeyring, isActionsError } from 'eventstore-actions';
import { sqliteEventStore } from 'eventstore-actions/sqlite';

const path = process.env['EVENTS_DB'] ?? 'events.db';
const endpoint = `http://127.0.0.1:${process.env['PORT'] ?? 4000}/orders`;
const key = randomBytes(32);

try {
  // #region embed
  await using eventStore = sqliteEventStore({ path });
  const keyring = createKeyring({ activeKeyID: 'first', keys: { first: key } });
  await using actions = await createActions({ eventStore, keyring, network: { allow: ['127.0.0.1/32'] } });

  const { id } = await actions.targets.add({
    name: 'policy',
    type: 'requestResponse',
    endpoint,
    interruptOnError: true,
  });
  await actions.executions.set({ event: { group: 'order' } }, [id]);

  const guarded = actions.intercept(eventStore);
  await guarded.append('order-1', [{ type: 'order.placed', data: { total: 250 } }]);
  // #endregion embed
} catch (error) {
  if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
  console.log(error.reason, error.status);
}
