/**
 * One of several processes on one SQLite file: adds, renames and removes targets under few names, sets executions, and
 * appends through the hook, without an end. Each line on stdout is an acknowledged write.
 * `worker.ts <path> <port of the endpoint> <seed>`
 */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createActions, isActionsError } from '../../../src/index.js';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import type { Acknowledged } from './acknowledged.js';

const [path = '', port = '', seed = '1'] = process.argv.slice(2);
const acknowledge = (what: Acknowledged) => writeSync(1, `${JSON.stringify(what)}\n`);

let state = Number(seed);
const draw = (below: number): number => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((state / 2_147_483_648) * below);
};

const store = sqliteEventStore({ path });
const actions = await createActions({
  eventStore: store,
  keyring: 'plaintext',
  network: { allow: [`127.0.0.1:${port}`] },
});
const guarded = actions.intercept(store);
const endpoint = `http://127.0.0.1:${port}/watch`;
const mine: string[] = [];

const expected = new Set([
  'ALREADY_EXISTS',
  'TARGET_NOT_FOUND',
  'CONCURRENCY_CONFLICT',
  'TARGET_INTERRUPTED',
]);

async function step(): Promise<void> {
  const name = `name ${draw(6)}`;
  const id = mine[draw(mine.length)];
  switch (draw(6)) {
    case 0: {
      const added = await actions.targets.add({ name, type: 'webhook', endpoint });
      mine.push(added.id);
      return void acknowledge({ what: 'added', id: added.id });
    }
    case 1:
      if (id === undefined) return;
      await actions.targets.change(id, { name });
      return void acknowledge({ what: 'renamed', id, name });
    case 2:
      if (id === undefined) return;
      await actions.targets.remove(id);
      mine.splice(mine.indexOf(id), 1);
      return void acknowledge({ what: 'removed', id });
    case 3:
      if (id === undefined) return;
      await actions.executions.set({ event: { event: `other.thing${draw(4)}` } }, [id]);
      return;
    default: {
      const eventID = randomUUID();
      const isVetoed = draw(4) === 0;
      await guarded.append(`order-${draw(5)}`, [{ id: eventID, type: 'order.placed', data: { isVetoed } }]);
      acknowledge({ what: 'appended', id: eventID, isVetoed });
    }
  }
}

acknowledge({ what: 'started' });
for (;;) {
  try {
    await step();
  } catch (error) {
    if (!isActionsError(error) || !expected.has(error.code)) throw error;
  }
}
