/** Another process: adds a target, sets an execution, and prints its position. `setExecution.ts <path>` */
import { createActions } from '../../../src/index.js';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';

const store = sqliteEventStore({ path: process.argv[2] ?? '' });
const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
const { id } = await actions.targets.add({
  name: 'policy',
  type: 'webhook',
  endpoint: 'https://example.com/',
});
const { position } = await actions.executions.set({ event: { group: 'order' } }, [id]);
console.log(JSON.stringify({ position: String(position), targetID: id }));
await actions.close();
await store.close();
