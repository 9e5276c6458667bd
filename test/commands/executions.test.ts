import { expect } from 'chai';
import { isActionsError, type ActionsError } from '../../src/errors.js';
import type { Condition } from '../../src/execution/condition.js';
import type { EntryInput } from '../../src/commands/executions.js';
import { resolve } from '../../src/execution/resolve.js';
import { memoryEventStore } from '../../src/stores/memory.js';
import { aTarget, countEvents, openCommands } from '../support/openCommands.js';
import includes from '../vectors/includes.json' with { type: 'json' };

const refusal = async (promise: Promise<unknown>): Promise<ActionsError> => {
  try {
    await promise;
  } catch (error) {
    if (isActionsError(error)) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

const conditionOfName = (name: string): Condition => ({ function: { name } });

describe('executions', () => {
  for (const { graph, set, entries, ok, error, why } of includes.cases as readonly {
    graph: Record<string, string[]>;
    set: string;
    entries: string[];
    ok?: string[];
    error?: string;
    why?: string;
  }[])
    it(`setting ${set} to ${entries.join(', ')} on ${JSON.stringify(graph)}: ${ok?.join(', ') ?? error}${why ? ` (${why})` : ''}`, async () => {
      const store = memoryEventStore();
      const { targets, executions, index } = openCommands(store);
      const ids = new Map<string, string>();
      for (const name of ['t1', 't2']) ids.set(name, (await targets.add(aTarget(name))).id);
      const toEntry = (entry: string): EntryInput =>
        entry.startsWith('@') ? { include: conditionOfName(entry.slice(1)) } : (ids.get(entry) ?? entry);
      const isThere = new Set<string>();
      const build = async (id: string): Promise<void> => {
        const list = graph[id];
        if (!list || isThere.has(id)) return;
        isThere.add(id);
        // Set an execution that includes a later one, or itself, empty first, as an operator has to.
        for (const entry of list) if (entry.startsWith('@')) await build(entry.slice(1));
        const known = list.filter((entry) => !entry.startsWith('@') || isThere.has(entry.slice(1)));
        for (const entry of known) if (entry === `@${set}`) await executions.set(conditionOfName(set), []);
        await executions.set(conditionOfName(id), list.map(toEntry));
      };
      for (const id of Object.keys(graph)) {
        for (const entry of graph[id] ?? [])
          if (entry === `@${set}`) await executions.set(conditionOfName(set), []);
      }
      for (const id of Object.keys(graph)) await build(id);

      const before = await countEvents(store);
      const setting = executions.set(conditionOfName(set), entries.map(toEntry));
      if (error !== undefined) {
        expect((await refusal(setting)).name).to.equal(error);
        expect(await countEvents(store)).to.equal(before);
        return;
      }
      await setting;
      const { targets: found } = resolve(index.instance('default'), `function/${set}`, 1_000);
      expect(found.map(({ target }) => target.name)).to.deep.equal(ok);
      await store.close();
    });

  it("return the position of the last written event, or of the aggregate's last event where nothing changed, or none without an event", async () => {
    const store = memoryEventStore();
    const { targets, executions } = openCommands(store);
    const { id } = await targets.add(aTarget('a'));
    const first = await executions.set({ event: { all: true } }, [id]);
    const again = await executions.set({ event: { all: true } }, [id]);
    expect(again.position).to.equal(first.position).and.not.to.equal(undefined);
    expect((await executions.remove({ event: { event: 'never' } })).position).to.equal(undefined);
    expect((await targets.remove('never')).position).to.equal(undefined);
  });

  it('append nothing when the same list is set again, even after a target of the list was removed', async () => {
    const store = memoryEventStore();
    const { targets, executions } = openCommands(store);
    const { id } = await targets.add(aTarget('a'));
    await executions.set({ event: { all: true } }, [id]);
    await targets.remove(id);
    const before = await countEvents(store);
    await executions.set({ event: { all: true } }, [id]);
    expect(await countEvents(store)).to.equal(before);
    expect((await refusal(executions.set({ event: { group: 'order' } }, [id]))).code).to.equal(
      'TARGET_NOT_FOUND',
    );
  });

  it('keep the entry of a removed target when other entries are added', async () => {
    const store = memoryEventStore();
    const { targets, executions } = openCommands(store);
    const { id: gone } = await targets.add(aTarget('a'));
    const { id: added } = await targets.add(aTarget('b'));
    await executions.set({ event: { all: true } }, [gone]);
    await targets.remove(gone);
    expect((await executions.set({ event: { all: true } }, [gone, added])).position).not.to.equal(undefined);
  });

  for (const [what, entries] of [
    ['not a list', 'x'],
    ['an empty id', ['']],
    ['an unknown field', [{ include: { event: { all: true } }, then: 1 }]],
    ['a malformed include', [{ include: { event: {} } }]],
    ['a number', [1]],
    ['more entries than allowed', Array.from({ length: 101 }, (_, n) => `t${n}`)],
  ] as const)
    it(`refuse ${what} before anything is written`, async () => {
      const store = memoryEventStore();
      const { executions } = openCommands(store);
      expect((await refusal(executions.set({ event: { all: true } }, entries as never))).code).to.equal(
        'INVALID_ARGUMENT',
      );
      expect(await countEvents(store)).to.equal(0);
    });
});
