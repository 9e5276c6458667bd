import { expect } from 'chai';
import { createActions, eighteenDigitIDs, isActionsError, memoryEventStore } from '../../src/index.js';
import type { EventStore } from '../../src/index.js';
import { closeAfterTest } from '../support/closings.js';
import { allStoreKinds, openActions, rejection } from '../support/openActions.js';
import { ecPair, rsaPair } from '../support/publicKeys.js';

const endpoint = 'https://hook.example/';
const webhook = { type: 'webhook', endpoint } as const;
const day = 86_400_000;
const [rsa, ec] = [rsaPair(), ecPair()];

/** A second process over the same store, whose subscription delivers no event to its index. */
async function deafProcess(store: EventStore) {
  const deaf: EventStore = {
    ...store,
    append: store.append.bind(store),
    readStream: store.readStream.bind(store),
    async *subscribe({ signal }) {
      yield { caughtUp: true };
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve, { once: true });
      });
    },
  };
  const actions = await createActions({ eventStore: deaf, keyring: 'plaintext' });
  closeAfterTest(() => actions.close());
  return actions;
}

for (const storeKind of allStoreKinds)
  describe(`results of commands, over ${storeKind}`, () => {
    it('carry the date of the last event by the clock of the store, also where nothing changed', async () => {
      const { actions, read } = await openActions({ storeKind, now: () => 7 });
      const { targets, executions } = actions;
      const { id, changed: added } = await targets.add({ name: 'crm', ...webhook });
      const last = async (stream: string) => (await read(stream)).at(-1)?.created;
      const stream = `actions.target-default.${id}`;
      expect(added).to.deep.equal(await last(stream));
      expect((await targets.get(id)).created).to.deep.equal(added);
      const { changed } = await targets.change(id, { timeoutMs: 5 });
      expect(changed).to.deep.equal(await last(stream));
      expect((await targets.change(id, { timeoutMs: 5 })).changed).to.deep.equal(changed);
      const condition = { event: { event: 'order.placed' } };
      const { changed: set } = await executions.set(condition, [id]);
      expect((await executions.set(condition, [id])).changed).to.deep.equal(set);
      expect((await executions.get(condition)).changed).to.deep.equal(set);
      const { changed: removed } = await targets.remove(id);
      expect(removed).to.deep.equal(await last(stream));
      expect((await targets.remove(id)).changed).to.deep.equal(removed);
      expect(await targets.remove('missing')).to.deep.equal({ position: undefined });
    });

    it('change a target and rotate its key in one append', async () => {
      const { actions, read } = await openActions({ storeKind });
      const { id, signingKey } = await actions.targets.add({ name: 'crm', ...webhook });
      const before = await read(`actions.target-default.${id}`);
      const result = await actions.targets.change(id, {
        timeoutMs: 5,
        rotateSigningKey: { graceMs: day },
      });
      expect(result.signingKey).to.be.a('string').and.not.equal(signingKey);
      const events = (await read(`actions.target-default.${id}`)).slice(before.length);
      expect(events.map(({ type }) => type)).to.deep.equal(['target.changed', 'target.signingKey.rotated']);
      expect(new Set(events.map(({ metadata }) => metadata['commandID'])).size).to.equal(1);
      expect(events[1]?.data).to.have.property('signingKeys').with.length(2);
      const plain = await actions.targets.change(id, { rotateSigningKey: {} });
      expect(plain.signingKey).to.be.a('string').and.not.equal(result.signingKey);
      expect(await actions.targets.change(id, {})).not.to.have.property('signingKey');
    });

    it('find targets of another process that the index does not have yet', async () => {
      const { actions, store } = await openActions({ storeKind });
      const other = await deafProcess(store);
      const { id } = await actions.targets.add({ name: 'crm', ...webhook });
      const condition = { event: { event: 'order.placed' } };
      await actions.executions.set(condition, [id]);
      expect((await other.targets.get(id)).name).to.equal('crm');
      expect((await other.executions.get(condition)).targets).to.deep.equal([id]);
      await actions.targets.change(id, { name: 'desk' });
      expect((await other.targets.get(id)).name).to.equal('desk');
      await actions.targets.remove(id);
      expect(isActionsError(await rejection(other.targets.get(id)), 'TARGET_NOT_FOUND')).to.equal(true);
    });
  });

describe('results of commands', () => {
  it('report a written append, though the append cannot be read back', async () => {
    const store = memoryEventStore();
    let isCut = false;
    const cutting: EventStore = {
      ...store,
      async append(stream, ...rest) {
        const result = await store.append(stream, ...rest);
        isCut = stream.startsWith('actions.target-');
        return result;
      },
      readStream(stream, options) {
        if (isCut) throw new Error('cut off');
        return store.readStream(stream, options);
      },
    };
    const { actions } = await openActions({ eventStore: cutting, now: () => day });
    const { id, position, changed } = await actions.targets.add({ name: 'crm', ...webhook });
    isCut = false;
    expect(changed).to.deep.equal(new Date(day));
    await actions.whenApplied(position);
    expect((await actions.targets.get(id)).name).to.equal('crm');
  });

  it('use the given generator of ids, and refuse ids that a stream name cannot hold', async () => {
    const ids = ['a', 'a', 'b', 'key', 'not an id'];
    const { actions } = await openActions({ generateTargetID: () => ids.shift() ?? '' });
    expect((await actions.targets.add({ name: 'first', ...webhook })).id).to.equal('a');
    expect((await actions.targets.add({ name: 'second', ...webhook })).id).to.equal('b');
    expect((await actions.targets.keys.add('a', { publicKey: rsa.pem })).keyID).to.equal('key');
    const refused = await rejection(actions.targets.add({ name: 'third', ...webhook }));
    expect(isActionsError(refused, 'INVALID_ARGUMENT')).to.equal(true);
    expect((await actions.targets.list()).total).to.equal(2);
  });

  it('draw ids of 18 digits that never begin with 0', () => {
    const draw = eighteenDigitIDs();
    const drawn = Array.from({ length: 1_000 }, draw);
    expect(drawn.filter((id) => !/^[1-9]\d{17}$/.test(id))).to.deep.equal([]);
    expect(new Set(drawn).size).to.equal(1_000);
    expect(eighteenDigitIDs((size) => new Uint8Array(size))()).to.equal(`1${'0'.repeat(17)}`);
    expect(eighteenDigitIDs((size) => new Uint8Array(size).fill(255))()).to.match(/^[1-9]\d{17}$/);
  });

  it('date each key by the events about the key', async () => {
    let today = 0;
    const eventStore = memoryEventStore({ now: () => today * day });
    const { actions } = await openActions({ eventStore, now: () => 0 });
    const { targets } = actions;
    const { id } = await targets.add({ name: 'crm', ...webhook });
    const onDay = async (next: number, act: () => Promise<unknown>) => {
      today = next;
      await act();
    };
    await onDay(1, () => targets.keys.add(id, { publicKey: rsa.pem, keyID: 'first' }));
    await onDay(2, () => targets.keys.add(id, { publicKey: ec.pem, keyID: 'second' }));
    await onDay(3, () => targets.keys.activate(id, 'first'));
    await onDay(4, () => targets.keys.activate(id, 'second'));
    await onDay(5, () => targets.keys.deactivate(id, 'second'));
    const dates = (await targets.keys.list(id)).map(({ created, changed }) => [created, changed]);
    const days = [
      [1, 4],
      [2, 5],
    ];
    expect(dates).to.deep.equal(days.map((each) => each.map((at) => new Date(at * day))));
    await actions.rebuild();
    expect((await targets.get(id)).keys).to.deep.equal(await targets.keys.list(id));
    expect((await actions.verify()).drift).to.deep.equal([]);
  });

  it('list rows that pass every filter, and executions by the targets that the executions call', async () => {
    const { actions } = await openActions();
    const { targets, executions } = actions;
    const ids = [];
    for (const name of ['order policy', 'order audit', 'crm'])
      ids.push((await targets.add({ name, ...webhook })).id);
    const [policy = '', audit = '', crm = ''] = ids;
    const named = async (...filter: readonly object[]) =>
      (await targets.list({ filter })).items.map(({ name }) => name);
    expect(await named({ name: { startsWith: 'order' } }, { name: { endsWith: 'audit' } })).to.deep.equal([
      'order audit',
    ]);
    expect(await named({ ids: [policy, audit] }, { ids: [audit, crm] })).to.deep.equal(['order audit']);
    expect(await named({ ids: [] }, { ids: [audit] })).to.deep.equal([]);

    const event = (name: string) => ({ event: { event: name } });
    await executions.set(event('a'), [policy, crm]);
    await executions.set(event('b'), [audit, { include: event('a') }]);
    await executions.set(event('c'), [crm]);
    await executions.set(event('d'), []);
    await targets.remove(crm);
    const listed = async (...filter: readonly object[]) =>
      (await executions.list({ filter })).items.map(({ id, calls }) => [id, calls]);
    expect(await listed({ calls: policy })).to.deep.equal([
      ['event/a', [policy]],
      ['event/b', [audit, policy]],
    ]);
    expect(await listed({ callsNothing: true })).to.deep.equal([
      ['event/c', []],
      ['event/d', []],
    ]);
    expect(await listed({ callsNothing: false }, { conditions: [event('b'), event('c')] })).to.deep.equal([
      ['event/b', [audit, policy]],
    ]);
  });
});
