import { expect } from 'chai';
import { memoryEventStore } from '../../src/index.js';
import { sqliteIndexStore, type SQLiteIndexStore } from '../../src/stores/sqlite/index.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions } from '../support/openActions.js';

function indexInFile(): SQLiteIndexStore {
  const folder = temporaryFolder();
  closeAfterTest(folder.remove);
  const store = sqliteIndexStore({ path: folder.file('index.db') });
  closeAfterTest(() => store.close());
  return store;
}

const day = 86_400_000;
const condition = (event: string) => ({ event: { event } });

for (const [place, indexStore] of [
  ['memory', () => ({})],
  ['a file', () => ({ indexStore: indexInFile() })],
] as const)
  describe(`dates of targets and executions, with the index in ${place}`, () => {
    /** The store is a day ahead at each append; the clock of this process stands still. */
    async function open() {
      let today = 0;
      const eventStore = memoryEventStore({ now: () => today * day });
      const { actions } = await openActions({ eventStore, now: () => 7, ...indexStore() });
      const add = async (name: string) => {
        today++;
        return actions.targets.add({ name, type: 'webhook', endpoint: `https://${name}.example/` });
      };
      const onDay = (next: number) => (today = next);
      return { actions, add, onDay };
    }

    it("take the store's dates as soon as its events arrive", async () => {
      const { actions, add, onDay } = await open();
      const { id, position } = await add('crm');
      await actions.whenApplied(position);
      expect(await actions.targets.get(id)).to.deep.include({
        created: new Date(day),
        changed: new Date(day),
      });
      onDay(3);
      await actions.whenApplied((await actions.targets.change(id, { timeoutMs: 5 })).position);
      expect(await actions.targets.get(id)).to.deep.include({
        created: new Date(day),
        changed: new Date(3 * day),
      });
    });

    it('begin again when a removed execution is set again', async () => {
      const { actions, add, onDay } = await open();
      const { id } = await add('crm');
      for (const next of [2, 3]) {
        onDay(next);
        await actions.executions.set(condition('order.placed'), next === 2 ? [] : [id]);
      }
      onDay(4);
      await actions.executions.remove(condition('order.placed'));
      onDay(5);
      const { position } = await actions.executions.set(condition('order.placed'), [id]);
      await actions.whenApplied(position);
      expect(await actions.executions.get(condition('order.placed'))).to.deep.include({
        created: new Date(5 * day),
        changed: new Date(5 * day),
      });
    });

    it('sort lists, and survive a rebuild', async () => {
      const { actions, add, onDay } = await open();
      const { id: first } = await add('first');
      const { id: second } = await add('second');
      onDay(4);
      const { position } = await actions.targets.change(first, { timeoutMs: 5 });
      await actions.whenApplied(position);
      await actions.executions.set(condition('b'), [first]);
      onDay(5);
      await actions.whenApplied((await actions.executions.set(condition('a'), [second])).position);
      for (const rebuilt of [false, true]) {
        if (rebuilt) expect((await actions.rebuild()).drift).to.deep.equal([]);
        const names = async (by: 'created' | 'changed', direction: 'ascending' | 'descending') =>
          (await actions.targets.list({ sort: { by, direction } })).items.map(({ name }) => name);
        expect(await names('created', 'ascending')).to.deep.equal(['first', 'second']);
        expect(await names('created', 'descending')).to.deep.equal(['second', 'first']);
        expect(await names('changed', 'ascending')).to.deep.equal(['second', 'first']);
        const { items } = await actions.executions.list({ sort: { by: 'changed' } });
        expect(items.map(({ id, created }) => [id, created])).to.deep.equal([
          ['event/b', new Date(4 * day)],
          ['event/a', new Date(5 * day)],
        ]);
      }
    });
  });
