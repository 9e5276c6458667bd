import { rm, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { eventDeliveryStore, memoryDeliveryStore, memoryEventStore } from '../../src/index.js';
import { sqliteDeliveryStore, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { deliverySourceContract } from '../../src/testing/deliverySourceContract.js';
import { deliveryStoreContract } from '../../src/testing/deliveryStoreContract.js';
import { tmpdir } from 'node:os';
import { openRemoteStore } from '../eventstoredb/adapter/openRemoteStore.js';

const folder = () => mkdtemp(join(tmpdir(), 'deliveries-'));
const remove = (path: string) => rm(path, { recursive: true, force: true });

deliveryStoreContract('memoryDeliveryStore', () => ({ store: memoryDeliveryStore() }));

deliveryStoreContract('sqliteDeliveryStore', async () => {
  const path = await folder();
  return { store: sqliteDeliveryStore({ path: join(path, 'deliveries.db') }), cleanUp: () => remove(path) };
});

deliveryStoreContract('eventDeliveryStore in memory', () => ({
  store: eventDeliveryStore(memoryEventStore(), { group: 'test' }),
}));

deliveryStoreContract('eventDeliveryStore on the double of EventStoreDB', async () => {
  const { store, close } = await openRemoteStore('EventStoreDB double');
  return { store: eventDeliveryStore(store, { group: 'test' }), cleanUp: close };
});

deliverySourceContract('memoryEventStore', () => {
  const store = memoryEventStore();
  return { source: store, append: store.append };
});

deliverySourceContract('sqliteEventStore', async () => {
  const path = await folder();
  const store = sqliteEventStore({ path: join(path, 'events.db'), synchronous: 'NORMAL' });
  return {
    source: store,
    append: store.append,
    async cleanUp() {
      await store.close();
      await remove(path);
    },
  };
});

deliverySourceContract('the double of EventStoreDB', async () => {
  const { store, close } = await openRemoteStore('EventStoreDB double');
  return { source: store, append: store.append, cleanUp: close };
});
