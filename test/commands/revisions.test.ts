import { expect } from 'chai';
import { isActionsError, type Actions } from '../../src/index.js';
import { sqliteIndexStore } from '../../src/stores/sqlite/index.js';
import { targetStream } from '../../src/target/target.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, readAll, rejection, storeKinds } from '../support/openActions.js';

const webhook = { type: 'webhook' as const, endpoint: 'https://crm.example/' };
const condition = { event: { event: 'order.placed' } };

async function isConflict(change: Promise<unknown>): Promise<boolean> {
  return isActionsError(await rejection(change), 'CONCURRENCY_CONFLICT');
}

const revisionOf = async ({ targets }: Actions, id: string) => (await targets.get(id)).revision;

for (const storeKind of storeKinds)
  describe(`a change that names a revision, on ${storeKind}`, () => {
    it('of a target succeeds while the revision is the latest, and afterwards writes nothing', async () => {
      const { actions, store } = await openActions({ storeKind });
      const { targets } = actions;
      const { id } = await targets.add({ name: 'crm', ...webhook });
      const first = await revisionOf(actions, id);
      await targets.change(id, { timeoutMs: 1_000 }, { ifRevision: first });
      const written = (await readAll(store, targetStream('default', id))).length;
      for (const change of [
        () => targets.change(id, { timeoutMs: 2_000 }, { ifRevision: first }),
        () => targets.change(id, { name: 'other' }, { ifRevision: first }),
        () => targets.change(id, { timeoutMs: 2_000 }, { ifRevision: null }),
        () => targets.rotateSigningKey(id, { ifRevision: first }),
        () => targets.remove(id, { ifRevision: first }),
      ])
        expect(await isConflict(change()), String(change)).to.equal(true);
      expect(await readAll(store, targetStream('default', id))).to.have.length(written);
      expect(await targets.get(id)).to.include({ name: 'crm', timeoutMs: 1_000 });
      await targets.rotateSigningKey(id, { ifRevision: await revisionOf(actions, id) });
      await targets.change(id, { name: 'other' }, { ifRevision: await revisionOf(actions, id) });
      await targets.remove(id, { ifRevision: await revisionOf(actions, id) });
    });

    it('fails with not-found for a removed target, and writes nothing', async () => {
      const { actions, store } = await openActions({ storeKind });
      const { targets } = actions;
      const { id } = await targets.add({ name: 'crm', ...webhook });
      const ifRevision = await revisionOf(actions, id);
      await targets.remove(id);
      const written = (await readAll(store, targetStream('default', id))).length;
      for (const change of [
        () => targets.change(id, { timeoutMs: 2_000 }, { ifRevision }),
        () => targets.change(id, { name: 'other' }, { ifRevision }),
        () => targets.rotateSigningKey(id, { ifRevision }),
        () => targets.remove(id, { ifRevision }),
      ])
        expect(await rejection(change()), String(change)).to.include({
          code: 'TARGET_NOT_FOUND',
          targetID: id,
        });
      expect(await readAll(store, targetStream('default', id))).to.have.length(written);
      // The refused change has reserved no name.
      await targets.add({ name: 'other', ...webhook });
    });

    it('of an execution succeeds while the revision is the latest, and null stands for an execution that does not exist yet', async () => {
      const { actions } = await openActions({ storeKind });
      const { targets, executions } = actions;
      const { id } = await targets.add({ name: 'crm', ...webhook });
      await executions.set(condition, [id], { ifRevision: null });
      expect(await isConflict(executions.set(condition, [], { ifRevision: null }))).to.equal(true);
      const { revision } = await executions.get(condition);
      await executions.set(condition, [], { ifRevision: revision });
      expect(await isConflict(executions.set(condition, [id], { ifRevision: revision }))).to.equal(true);
      expect(await isConflict(executions.remove(condition, { ifRevision: revision }))).to.equal(true);
      const latest = (await executions.get(condition)).revision;
      await executions.remove(condition, { ifRevision: latest });
      const gone = await rejection(executions.remove(condition, { ifRevision: latest }));
      expect(gone).to.include({ code: 'EXECUTION_NOT_FOUND', status: 404 });
      // `set` would create it again, so a change of a removed execution is a conflict, as any other stale change.
      expect(await isConflict(executions.set(condition, [id], { ifRevision: latest }))).to.equal(true);
      expect((await executions.list()).total).to.equal(0);
      await executions.set(condition, [id], { ifRevision: null });
    });

    it('is decided on the stream: of several changes at once, one change succeeds', async () => {
      const { actions, store } = await openActions({ storeKind });
      const { id } = await actions.targets.add({ name: 'crm', ...webhook });
      const ifRevision = await revisionOf(actions, id);
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, place) =>
          actions.targets.change(id, { timeoutMs: 1_000 + place }, { ifRevision }),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(await readAll(store, targetStream('default', id))).to.have.length(2);
    });

    it('succeeds though a malformed event ends the stream', async () => {
      const { actions, store } = await openActions({ storeKind });
      const { id } = await actions.targets.add({ name: 'crm', ...webhook });
      await store.append(targetStream('default', id), [
        { type: 'target.changed', data: { timeoutMs: 'soon' } },
      ]);
      await actions.targets.change(id, { timeoutMs: 1 }, { ifRevision: await revisionOf(actions, id) });
      expect((await actions.targets.get(id)).timeoutMs).to.equal(1);
    });
  });

describe('revisions', () => {
  it('are in lists too, also from an index file', async () => {
    const folder = temporaryFolder();
    closeAfterTest(folder.remove);
    const indexStore = sqliteIndexStore({ path: folder.file('index.db') });
    closeAfterTest(() => indexStore.close());
    const { actions } = await openActions({ indexStore });
    const { id } = await actions.targets.add({ name: 'crm', ...webhook });
    await actions.executions.set(condition, [id]);
    await actions.targets.change(id, { timeoutMs: 1 });
    const [target] = (await actions.targets.list()).items;
    const [execution] = (await actions.executions.list()).items;
    expect(target?.revision).to.equal(await revisionOf(actions, id));
    expect(execution?.revision).to.equal((await actions.executions.get(condition)).revision);
    await actions.targets.change(id, { timeoutMs: 2 }, { ifRevision: target?.revision ?? '' });
  });

  it('are refused unless they are revisions of the stream', async () => {
    const { actions } = await openActions();
    for (const wrong of ['', 'x', '-1', '1'.repeat(40), 7, {}])
      expect(await rejection(actions.targets.remove('some', { ifRevision: wrong as string }))).to.include({
        code: 'INVALID_ARGUMENT',
      });
  });
});
