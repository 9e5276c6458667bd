import { expect } from 'chai';
import { createActions, createKeyring } from '../../src/index.js';
import type { Keyring } from '../../src/index.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, rejection, type TargetSettings } from '../support/openActions.js';

const ring = (id: string, byte: number): Keyring =>
  createKeyring({ activeKeyID: id, keys: { [id]: Buffer.alloc(32, byte) } });
const event = { type: 'order.placed', data: {} };

/** A target added under one keyring, called under another. */
async function openWith(keyring: Keyring | undefined, settings: TargetSettings) {
  const { call, store, read } = await openActions({ keyring: ring('old', 1) });
  const [target] = await call({ event: { all: true } }, settings);
  const actions = await createActions({
    eventStore: store,
    network: { allow: [target?.server.allow ?? ''] },
    ...(keyring && { keyring }),
  });
  closeAfterTest(() => actions.close());
  return { actions, guarded: actions.intercept(store), read, id: target?.id ?? '', server: target?.server };
}

describe('an unreadable secret', () => {
  for (const [words, keyring] of [
    ['with another key under the same id', ring('old', 2)],
    ['with a keyring that lost the key', ring('new', 3)],
    ['without a keyring', undefined],
  ] as const)
    it(`is an error of its target, shows in health(), and nothing is sent unsigned: ${words}`, async () => {
      const { actions, guarded, read, id, server } = await openWith(keyring, { interruptOnError: true });
      const error = await rejection(guarded.append('order-1', [event]));
      expect(error).to.include({
        code: 'TARGET_INTERRUPTED',
        reason: 'secret-unreadable',
        status: 412,
        targetID: id,
      });
      expect(actions.health().unreadableKeys).to.deep.equal([`default ${id}`]);
      expect(server?.connections()).to.equal(0);
      expect(await read('order-1')).to.deep.equal([]);
    });

  it('lets pass without interruptOnError, and is reported', async () => {
    const { actions, guarded, read, server } = await openWith(ring('old', 2), { type: 'requestResponse' });
    await guarded.append('order-1', [event]);
    expect(await read('order-1')).to.have.length(1);
    expect(server?.connections()).to.equal(0);
    expect(actions.health().unreadableKeys).to.have.length(1);
  });

  it('may be a header value as well', async () => {
    const { actions, store, add } = await openActions({ keyring: ring('old', 1) });
    const { id } = await add({ headers: { 'x-api-key': 'k-1' }, interruptOnError: true });
    const stream = `actions.target-default.${id}`;
    await store.append(stream, [
      {
        type: 'target.changed',
        data: { headers: { 'x-api-key': { algorithm: 'aes-256-gcm', keyID: 'old', value: 'AAAA' } } },
      },
    ]);
    await actions.whenApplied(await store.head?.());
    await actions.executions.set({ event: { all: true } }, [id]);
    const error = await rejection(actions.intercept(store).append('order-1', [event]));
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', reason: 'secret-unreadable' });
  });

  it('is mended by a new signing key, and forgotten with its target', async () => {
    const { actions, guarded, id, server } = await openWith(ring('old', 2), { interruptOnError: true });
    await rejection(guarded.append('order-1', [event]));
    await actions.targets.rotateSigningKey(id);
    await guarded.append('order-1', [event]);
    expect(server?.received).to.have.length(1);
    expect(actions.health().unreadableKeys).to.deep.equal([]);

    const other = await openWith(ring('old', 2), { interruptOnError: true });
    await rejection(other.guarded.append('order-1', [event]));
    await other.actions.targets.remove(other.id);
    expect(other.actions.health().unreadableKeys).to.deep.equal([]);
  });

  it('keeps a target from being added where no keyring was given', async () => {
    const { store } = await openActions();
    const actions = await createActions({ eventStore: store });
    closeAfterTest(() => actions.close());
    const before = await store.head?.();
    const adding = actions.targets.add({
      name: 'policy',
      type: 'webhook',
      endpoint: 'https://policy.example/',
    });
    const error = await rejection(adding);
    expect(error).to.include({ code: 'INVALID_ARGUMENT' });
    expect((error as Error).message)
      .to.contain('createKeyring')
      .and.to.contain("'plaintext'");
    expect(await store.head?.()).to.equal(before);
  });
});
