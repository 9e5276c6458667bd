import { expect } from 'chai';
import { isActionsError } from '../../src/errors.js';
import { createKeyring } from '../../src/signing/keyring.js';
import type { EventStore } from '../../src/ports.js';
import { memoryEventStore } from '../../src/stores/memory.js';
import { instantClock } from '../support/instantClock.js';
import { aTarget, countEvents, openCommands } from '../support/openCommands.js';
import { until } from '../support/conditions.js';

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    if (isActionsError(error)) return error.code;
    throw error;
  }
  return 'accepted';
};

/** A store that fails from its n-th append on: it writes neither that append nor a later one. */
function crashingStore(store: EventStore, appendsBeforeCrash: number): EventStore {
  let appends = 0;
  return {
    ...store,
    append: (...parameters) =>
      appends++ < appendsBeforeCrash
        ? store.append(...parameters)
        : Promise.reject(new Error('the process is gone')),
  };
}

/** A store whose appends to some stream wait until they are let go. */
function gatedStore(store: EventStore, isHeld: (stream: string) => boolean) {
  const held: (() => void)[] = [];
  let holds = true;
  const gated: EventStore = {
    ...store,
    async append(...parameters) {
      if (holds && isHeld(parameters[0])) await new Promise<void>((resolve) => held.push(resolve));
      return store.append(...parameters);
    },
  };
  return {
    gated,
    whenHeld: async () => {
      await until(() => held.length !== 0);
    },
    letGo: () => {
      holds = false;
      for (const resolve of held.splice(0)) resolve();
    },
  };
}

/** A clock by which no held append times out. */
const patient = () => instantClock({ upToMs: 1_000 });

const namesOf = ({ index }: ReturnType<typeof openCommands>) =>
  [...index.instance('default').targets()].map(([, { name }]) => name.toLowerCase());

/** All targets, as a process that starts now reads them. */
async function readAll(store: EventStore) {
  const fresh = openCommands(store);
  for await (const message of store.subscribe({
    prefixes: ['actions.target-'],
    signal: new AbortController().signal,
  })) {
    if ('caughtUp' in message) break;
    if ('stream' in message) fresh.index.apply(message, true);
  }
  return fresh;
}

describe('targets', () => {
  describe('names', () => {
    it('are unique regardless of case, and free again after a removal or a change', async () => {
      const { targets } = openCommands(memoryEventStore());
      const { id } = await targets.add(aTarget('Order policy'));
      expect(await codeOf(targets.add(aTarget('order POLICY')))).to.equal('ALREADY_EXISTS');
      await targets.change(id, { name: 'other' });
      const { id: second } = await targets.add(aTarget('order policy'));
      expect(await codeOf(targets.change(id, { name: 'Order Policy' }))).to.equal('ALREADY_EXISTS');
      await targets.remove(second);
      await targets.change(id, { name: 'Order Policy' });
    });

    it('change their case without being reserved again', async () => {
      const store = memoryEventStore();
      const { targets } = openCommands(store);
      const { id } = await targets.add(aTarget('order'));
      const before = await countEvents(store);
      await targets.change(id, { name: 'Order' });
      expect(await countEvents(store)).to.equal(before + 1);
      expect(await codeOf(targets.add(aTarget('order')))).to.equal('ALREADY_EXISTS');
    });

    it('are given to exactly one of many concurrent adds', async () => {
      const store = memoryEventStore();
      const processes = Array.from({ length: 8 }, () => openCommands(store));
      const outcomes = await Promise.all(
        processes.map(({ targets }) => codeOf(targets.add(aTarget('order')))),
      );
      expect(namesOf(await readAll(store))).to.deep.equal(['order']);
      expect(outcomes.filter((outcome) => outcome === 'accepted')).to.have.length(1);
    });

    for (let appends = 0; appends < 3; appends++)
      it(`are usable where an add crashes after ${appends} appends`, async () => {
        const store = memoryEventStore();
        await openCommands(crashingStore(store, appends))
          .targets.add(aTarget('order'))
          .catch(() => undefined);
        const { targets } = openCommands(store);
        const isThere = namesOf(await readAll(store)).length === 1;
        expect(await codeOf(targets.add(aTarget('order')))).to.equal(isThere ? 'ALREADY_EXISTS' : 'accepted');
        expect(namesOf(await readAll(store))).to.deep.equal(['order']);
      });

    for (let appends = 0; appends < 4; appends++)
      it(`are usable where a rename crashes after ${appends} appends`, async () => {
        const store = memoryEventStore();
        const { id } = await openCommands(store).targets.add(aTarget('old'));
        await openCommands(crashingStore(store, appends))
          .targets.change(id, { name: 'new' })
          .catch(() => undefined);
        const { targets } = openCommands(store);
        const [taken = ''] = namesOf(await readAll(store));
        const free = taken === 'old' ? 'new' : 'old';
        expect(await codeOf(targets.add(aTarget(taken)))).to.equal('ALREADY_EXISTS');
        expect(await codeOf(targets.add(aTarget(free)))).to.equal('accepted');
        expect(namesOf(await readAll(store))).to.have.members(['old', 'new']);
      });

    for (let appends = 0; appends < 3; appends++)
      it(`are usable where a removal crashes after ${appends} appends`, async () => {
        const store = memoryEventStore();
        const { id } = await openCommands(store).targets.add(aTarget('order'));
        await openCommands(crashingStore(store, appends))
          .targets.remove(id)
          .catch(() => undefined);
        const isThere = namesOf(await readAll(store)).length === 1;
        const outcome = await codeOf(openCommands(store).targets.add(aTarget('order')));
        expect(outcome).to.equal(isThere ? 'ALREADY_EXISTS' : 'accepted');
        expect(namesOf(await readAll(store))).to.deep.equal(['order']);
      });

    it('stay unique when an add writes late, after another add took over its reservation', async () => {
      const store = memoryEventStore();
      const { gated, whenHeld, letGo } = gatedStore(store, (stream) => stream.startsWith('actions.target-'));
      const late = codeOf(openCommands(gated, { clock: patient() }).targets.add(aTarget('order')));
      await whenHeld();
      await openCommands(store).targets.add(aTarget('order'));
      letGo();
      expect(await late).to.equal('ALREADY_EXISTS');
      expect(namesOf(await readAll(store))).to.deep.equal(['order']);
    });

    it('stay unique when a rename writes late, after an add took over its reservation', async () => {
      const store = memoryEventStore();
      const { id } = await openCommands(store).targets.add(aTarget('old'));
      const { gated, whenHeld, letGo } = gatedStore(store, (stream) => stream.startsWith('actions.target-'));
      const late = codeOf(openCommands(gated, { clock: patient() }).targets.change(id, { name: 'order' }));
      await whenHeld();
      await openCommands(store).targets.add(aTarget('order'));
      letGo();
      expect(await late).to.equal('ALREADY_EXISTS');
      expect(namesOf(await readAll(store))).to.have.members(['old', 'order']);
    });

    it('stay unique when a rename reserves again while another change fences the rename off', async () => {
      const store = memoryEventStore();
      const { id } = await openCommands(store).targets.add(aTarget('old'));
      // The renamer stops before its change is written; the taker stops before it reserves, after it has fenced.
      const renamer = gatedStore(store, (stream) => stream.startsWith('actions.target-'));
      const late = codeOf(
        openCommands(renamer.gated, { clock: patient() }).targets.change(id, { name: 'order' }),
      );
      await renamer.whenHeld();
      const taker = gatedStore(store, (stream) => stream.startsWith('actions.targetName-'));
      const taking = codeOf(openCommands(taker.gated, { clock: patient() }).targets.add(aTarget('order')));
      await taker.whenHeld();
      renamer.letGo();
      const renamed = await late;
      taker.letGo();
      expect([renamed, await taking]).to.deep.equal(['accepted', 'ALREADY_EXISTS']);
      expect(namesOf(await readAll(store))).to.deep.equal(['order']);
    });
  });

  it('append nothing when nothing changes', async () => {
    const store = memoryEventStore();
    const { targets } = openCommands(store, {
      keyring: createKeyring({ activeKeyID: 'k', keys: { k: new Uint8Array(32) } }),
    });
    const { id } = await targets.add({ ...aTarget('order'), headers: { 'x-key': 'secret' } });
    const before = await countEvents(store);
    await targets.change(id, { ...aTarget('order'), headers: { 'x-key': 'secret' }, timeoutMs: 10_000 });
    await targets.change(id, {});
    await targets.remove('missing');
    expect(await countEvents(store)).to.equal(before);
    await targets.change(id, { headers: { 'x-key': 'other' } });
    await targets.change(id, { headers: {} });
    expect(await countEvents(store)).to.equal(before + 2);
  });

  it('store their secrets encrypted', async () => {
    const store = memoryEventStore();
    const { targets } = openCommands(store, {
      keyring: createKeyring({ activeKeyID: 'k', keys: { k: new Uint8Array(32) } }),
    });
    const { signingKey } = await targets.add({ ...aTarget('order'), headers: { 'x-key': 'canary' } });
    const stored: unknown[] = [];
    for await (const message of store.subscribe({ signal: new AbortController().signal })) {
      if ('caughtUp' in message) break;
      if ('stream' in message) stored.push(message.data);
    }
    expect(signingKey).to.match(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(JSON.stringify(stored)).not.to.contain('canary').and.not.to.contain(signingKey);
  });

  for (const [what, input] of [
    ['an empty name', { name: '' }],
    ['a name that is too long', { name: 'x'.repeat(1_001) }],
    ['no type', { type: undefined }],
    ['an unknown type', { type: 'restCall' }],
    ['no endpoint', { endpoint: '' }],
    ['an endpoint that is too long', { endpoint: `https://example.com/${'x'.repeat(2_048)}` }],
    ['0 ms', { timeoutMs: 0 }],
    ['-1 ms', { timeoutMs: -1 }],
    ['NaN ms', { timeoutMs: NaN }],
    ['a time-out of more than 270 s', { timeoutMs: 270_001 }],
    ['a text as time-out', { timeoutMs: '10s' }],
    ['an unknown field', { retries: 3 }],
    ['an async target that interrupts', { type: 'async', interruptOnError: true }],
    ['durable delivery of a webhook', { type: 'webhook', delivery: 'durable' }],
    ['an order without durable delivery', { type: 'async', order: 'strict' }],
    ['a place to deliver from without durable delivery', { type: 'async', deliverFrom: 'beginning' }],
    ['a pause without durable delivery', { type: 'async', paused: true }],
    ['a durable target that is observed', { type: 'async', delivery: 'durable', enforcement: 'observe' }],
    ['a durable target enforced for a share', { type: 'async', delivery: 'durable', enforcePercent: 5 }],
    [
      'a place to deliver from that is no position',
      { type: 'async', delivery: 'durable', deliverFrom: '-1' },
    ],
    ['a percentage of more than 100', { enforcePercent: 101 }],
    ['jwt without jwtKeys', { payloadType: 'jwt' }],
  ] as const)
    it(`refuse ${what} before anything is written`, async () => {
      const store = memoryEventStore();
      const { targets } = openCommands(store);
      expect(await codeOf(targets.add({ ...aTarget('order'), ...input } as never))).to.equal(
        'INVALID_ARGUMENT',
      );
      expect(await countEvents(store)).to.equal(0);
    });
});
