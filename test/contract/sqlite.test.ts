import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { eventStoreContract } from '../../src/testing/eventStoreContract.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

for (const synchronous of ['FULL', 'NORMAL'] as const)
  eventStoreContract(
    `sqliteEventStore (${synchronous})`,
    () => {
      const { file, remove } = temporaryFolder();
      const open = () => sqliteEventStore({ path: file('events.db'), synchronous });
      return { store: open(), another: open, cleanUp: remove };
    },
    { severalHandles: true },
  );
