import { join } from 'node:path';
import { createActions, memoryEventStore, type EventStore } from '../../../src/index.js';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { measure, printRatio, type Contender } from '../rounds.js';
import { addTarget, data, withFolder } from './places.js';

const appends = 4_000;

function appending(name: string, store: EventStore): Contender {
  let stream = 0;
  return {
    name,
    async run() {
      let left = appends;
      const writer = async () => {
        while (left-- > 0) await store.append(`order-${stream++ % 1_000}`, [{ type: 'order.placed', data }]);
      };
      await Promise.all(Array.from({ length: 16 }, writer));
      return appends;
    },
  };
}

/** The cost of an append that only durable targets match, against one without a match and the bare store. */
export async function benchAppends(rounds: number): Promise<void> {
  await withFolder(async (folder) => {
    const stores = Array.from({ length: 4 }, (_, place) =>
      sqliteEventStore({ path: join(folder, `${place}.db`), synchronous: 'NORMAL' }),
    );
    const [bare, twin, unmatched, durable] = stores;
    if (!bare || !twin || !unmatched || !durable) throw new Error('four stores are open');
    // No target is called, so the port need not be open.
    const port = 8_080;
    const open = () =>
      createActions({
        eventStore: memoryEventStore(),
        keyring: 'plaintext',
        network: { allow: [`127.0.0.1:${port}`] },
      });
    const [without, withTarget] = [await open(), await open()];
    await addTarget({ actions: withTarget }, port, ['now']);
    const rates = await measure(
      [
        appending('bare', bare),
        appending('identical', twin),
        appending('no match', without.intercept(unmatched)),
        appending('durable only', withTarget.intercept(durable)),
      ],
      rounds,
    );
    console.log('appends, 16 at once, SQLite (NORMAL)');
    printRatio(rates, 'identical', 'bare', 'the noise');
    printRatio(rates, 'no match', 'bare');
    printRatio(rates, 'durable only', 'no match', '(aim: within the noise)');
    await without.close();
    await withTarget.close();
    for (const store of stores) await store.close();
  });
}
