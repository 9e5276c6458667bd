import { expect } from 'chai';
import { createActions, createKeyring, isActionsError, type EventStore } from '../../src/index.js';
import { countEvents } from '../support/openCommands.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, openStore, readAll, rejection, storeKinds } from '../support/openActions.js';
import {
  after,
  before,
  both,
  event,
  isSignedBy,
  keys,
  reopen,
  sealedUnder,
} from '../support/rotatedKeyrings.js';

for (const storeKind of storeKinds)
  describe(`re-encryption, over ${storeKind}`, () => {
    it('moves every secret of every instance to the active key, and changes no signature', async () => {
      const store = await openStore(storeKind);
      const first = await reopen(store, before);
      const one = await first.add({ headers: { 'x-api-key': 'k-one', 'X-Tenant': 'seven' } });
      const other = await first.actions.runAs({ instanceID: 'other' }, () => first.add());
      const { signingKey: rotated } = await first.actions.targets.rotateSigningKey(one.id, {
        graceMs: 60_000,
      });
      const allow = [one.server.allow, other.server.allow];
      await first.actions.close();

      const second = await reopen(store, both, allow);
      const events = await countEvents(store);
      expect(await second.actions.reencrypt()).to.deep.equal({ targets: 2, resealed: 5, unreadable: [] });
      expect(await countEvents(store)).to.equal(events + 3);
      expect(await second.actions.reencrypt()).to.deep.equal({ targets: 2, resealed: 0, unreadable: [] });
      expect(await countEvents(store)).to.equal(events + 3);
      await second.actions.close();

      const third = await reopen(store, after, allow);
      await third.actions.executions.set({ event: { all: true } }, [one.id]);
      await third.actions.runAs({ instanceID: 'other' }, () =>
        third.actions.executions.set({ event: { all: true } }, [other.id]),
      );
      await third.guarded.append('order-1', [event]);
      await third.actions.runAs({ instanceID: 'other' }, () => third.guarded.append('order-2', [event]));
      const [call] = one.server.received;
      expect(isSignedBy(one.signingKey, call)).to.equal(true);
      expect(isSignedBy(rotated, call)).to.equal(true);
      expect(call?.headers).to.include({ 'x-api-key': 'k-one', 'x-tenant': 'seven' });
      expect(isSignedBy(other.signingKey, other.server.received[0])).to.equal(true);
    });

    it('encrypts secrets that were stored unencrypted', async () => {
      const store = await openStore(storeKind);
      const first = await reopen(store, 'plaintext');
      const { id, signingKey, server } = await first.add({ headers: { 'x-api-key': 'canary' } });
      await first.actions.close();
      const second = await reopen(store, after, [server.allow]);
      expect(await second.actions.reencrypt()).to.deep.include({ resealed: 2, unreadable: [] });
      expect([...(await sealedUnder(store, `actions.target-default.${id}`))]).to.deep.equal(['k2']);
      await second.actions.executions.set({ event: { all: true } }, [id]);
      await second.guarded.append('order-1', [event]);
      expect(isSignedBy(signingKey, server.received[0])).to.equal(true);
      expect(server.received[0]?.headers['x-api-key']).to.equal('canary');
    });

    it('reports secrets that cannot be decrypted, and leaves the secrets unchanged', async () => {
      const store = await openStore(storeKind);
      const first = await reopen(store, before);
      const lost = await first.add({ headers: { 'x-api-key': 'k-one' } });
      await first.actions.close();
      const second = await reopen(
        store,
        createKeyring({ activeKeyID: 'k3', keys: { k3: Buffer.alloc(32, 3) } }),
      );
      const readable = await second.actions.targets.add({
        name: 'r',
        type: 'webhook',
        endpoint: 'https://example.com/',
      });
      await second.actions.close();
      const stored = await readAll(store, `actions.target-default.${lost.id}`);

      const keyring = createKeyring({ activeKeyID: 'k2', keys: { k2: keys.k2, k3: Buffer.alloc(32, 3) } });
      const third = await reopen(store, keyring);
      const unreadable = ['signing key', 'header x-api-key'].map((secret) => ({
        instanceID: 'default',
        targetID: lost.id,
        secret,
      }));
      expect(await third.actions.reencrypt()).to.deep.equal({ targets: 2, resealed: 1, unreadable });
      expect(await readAll(store, `actions.target-default.${lost.id}`)).to.deep.equal(stored);
      expect([...(await sealedUnder(store, `actions.target-default.${readable.id}`))]).to.deep.equal(['k2']);
    });
  });

describe('re-encryption', () => {
  it('drops an expired signing key', async () => {
    let time = Date.now();
    const store = await openStore('memory');
    const first = await openActions({ eventStore: store, keyring: before, now: () => time });
    const { id } = await first.add();
    await first.actions.targets.rotateSigningKey(id, { graceMs: 1_000 });
    await first.actions.close();
    time += 1_001;
    const second = await openActions({ eventStore: store, keyring: both, now: () => time });
    expect(await second.actions.reencrypt()).to.deep.include({ resealed: 1 });
    const last = (await readAll(store, `actions.target-default.${id}`)).at(-1);
    expect(last?.type).to.equal('target.signingKey.rotated');
    expect((last?.data as { readonly signingKeys: readonly unknown[] }).signingKeys).to.have.length(1);
  });

  it('covers targets that this process does not know yet, and skips removed ones', async () => {
    const store = await openStore('memory');
    const silent: EventStore = {
      ...store,
      // The index receives no event; a read from the start does.
      subscribe: (options) =>
        store.subscribe(options.prefixes?.length === 1 ? options : { ...options, prefixes: ['nothing-'] }),
    };
    const first = await openActions({ eventStore: store, keyring: before });
    const { id } = await first.add();
    const gone = await first.add();
    await first.actions.targets.remove(gone.id);
    const second = await openActions({ eventStore: silent, keyring: both });
    expect(await rejection(second.actions.targets.get(id))).to.be.an('error');
    expect(await second.actions.reencrypt()).to.deep.include({ targets: 1, resealed: 1 });
  });

  it('refuses a keyring that cannot encrypt', async () => {
    const store = await openStore('memory');
    const first = await reopen(store, before);
    const { id } = await first.add();
    const without = await createActions({ eventStore: store });
    closeAfterTest(() => without.close());
    expect(isActionsError(await rejection(without.reencrypt()), 'INVALID_ARGUMENT')).to.equal(true);
    const plain = await reopen(store, 'plaintext');
    expect(await plain.actions.reencrypt()).to.deep.equal({
      targets: 1,
      resealed: 0,
      unreadable: [{ instanceID: 'default', targetID: id, secret: 'signing key' }],
    });
    await plain.actions.close();
    expect(isActionsError(await rejection(plain.actions.reencrypt()), 'ACTIONS_CLOSED')).to.equal(true);
  });

  it('stops between two targets when its signal aborts, and the next run does the rest', async () => {
    const store = await openStore('memory');
    const first = await reopen(store, before);
    for (let count = 0; count < 5; count++) await first.add();
    const { actions } = await reopen(store, both);
    const stop = new AbortController();
    const reason = new Error('enough');
    const seen: number[] = [];
    const stopped = actions.reencrypt({
      signal: stop.signal,
      onProgress: ({ done, targets }) => {
        expect(targets).to.equal(5);
        seen.push(done);
        if (done === 3) stop.abort(reason);
      },
    });
    expect(await rejection(stopped)).to.equal(reason);
    expect(seen).to.deep.equal([0, 1, 2, 3]);
    expect(await rejection(actions.reencrypt({ signal: stop.signal }))).to.equal(reason);
    expect(await actions.reencrypt()).to.deep.equal({ targets: 5, resealed: 2, unreadable: [] });
  });

  it('loses no write of another command or of another run at the same time', async () => {
    const store = await openStore('memory');
    const first = await reopen(store, before);
    const targets = [];
    for (let count = 0; count < 10; count++)
      targets.push(await first.add({ headers: { 'x-api-key': 'old' } }));
    const { actions } = await reopen(store, both);
    const { actions: another } = await reopen(store, both);
    const rotated = new Map<string, string>();
    const [one, two] = await Promise.all([
      actions.reencrypt(),
      another.reencrypt(),
      ...targets.map(async ({ id }) => {
        await first.actions.targets.change(id, { headers: { 'x-api-key': 'new' } });
        rotated.set(id, (await first.actions.targets.rotateSigningKey(id)).signingKey);
      }),
    ]);
    expect([...one.unreadable, ...two.unreadable]).to.deep.equal([]);
    // The last write of the first process is under its own key: run once more, as after any change of keyrings.
    await actions.reencrypt();
    await actions.close();
    const allow = targets.map(({ server }) => server.allow);
    const last = await reopen(store, after, allow);
    for (const { id, server } of targets) {
      await last.actions.executions.set({ event: { all: true } }, [id]);
      await last.guarded.append('order-1', [event]);
      expect(isSignedBy(rotated.get(id) ?? '', server.received[0])).to.equal(true);
      expect(server.received[0]?.headers['x-api-key']).to.equal('new');
    }
  });
});
