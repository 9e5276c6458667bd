import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { createDeliveries, memoryDeliveryStore, type EventData } from '../src/index.js';
import { openActions, rejection, storeKinds } from './support/openActions.js';

const event: EventData = { type: 'order.placed', data: {} };

const jwtKeysOf = () => ({
  activeKeyID: 'k1',
  keys: {
    k1: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  },
});

/** The names of all functions of an object and of the objects in it, as `targets.keys.add`. */
const functionsOf = (members: object, prefix = ''): readonly string[] =>
  Object.entries(members).flatMap(([name, member]: [string, unknown]) => {
    if (typeof member === 'function') return [prefix + name];
    return typeof member === 'object' && member !== null ? functionsOf(member, `${prefix}${name}.`) : [];
  });

for (const storeKind of storeKinds)
  describe(`closed actions (${storeKind})`, () => {
    it('reject each function that calls a target, uses a store or answers from the index, and tell what the process holds', async () => {
      const { actions, add, store } = await openActions({ storeKind, jwtKeys: jwtKeysOf() });
      const { id } = await add();
      const deliveries = createDeliveries({ actions, store: memoryDeliveryStore() });
      const early = actions.calls.subscribe();
      await actions.close();

      const condition = { event: { all: true } } as const;
      const key = [id, 'key'] as const;
      const rejecting: Readonly<Record<string, () => unknown>> = {
        'targets.add': () =>
          actions.targets.add({ name: 'x', type: 'webhook', endpoint: 'https://x.example/' }),
        'targets.change': () => actions.targets.change(id, {}),
        'targets.previewChange': () => actions.targets.previewChange(id, {}),
        'targets.remove': () => actions.targets.remove(id),
        'targets.rotateSigningKey': () => actions.targets.rotateSigningKey(id),
        'targets.get': () => actions.targets.get(id),
        'targets.list': () => actions.targets.list(),
        'targets.keys.add': () => actions.targets.keys.add(id, { publicKey: 'key' }),
        'targets.keys.activate': () => actions.targets.keys.activate(...key),
        'targets.keys.deactivate': () => actions.targets.keys.deactivate(...key),
        'targets.keys.remove': () => actions.targets.keys.remove(...key),
        'targets.keys.list': () => actions.targets.keys.list(id),
        'executions.set': () => actions.executions.set(condition, []),
        'executions.remove': () => actions.executions.remove(condition),
        'executions.get': () => actions.executions.get(condition),
        'executions.list': () => actions.executions.list(),
        'executions.assertKnown': () => actions.executions.assertKnown(condition),
        intercept: () => actions.intercept(store).append('order-1', [event]),
        request: () => actions.request('/a.B/C', {}),
        response: () => actions.response('/a.B/C', {}, {}),
        function: () => actions.function('preaccesstoken', {}),
        explain: () => actions.explain({ event: 'order.placed' }),
        rehearse: () => actions.rehearse({ event: 'order.placed' }),
        reencrypt: () => actions.reencrypt(),
        ready: () => actions.ready(),
        whenApplied: () => actions.whenApplied(1n),
        'calls.subscribe': () => actions.calls.subscribe(),
        rebuild: () => actions.rebuild(),
        verify: () => actions.verify(),
        'network.change': () => actions.network.change({}),
      };
      const telling: Readonly<Record<string, () => unknown>> = {
        'targets.keys.inspect': () => expect(() => actions.targets.keys.inspect('no key')).to.throw(/key/),
        catalogue: () => expect(actions.catalogue().events).to.deep.equal([]),
        runAs: () => expect(actions.runAs({ userID: 'u' }, () => 1)).to.equal(1),
        jwks: () => expect(actions.jwks().keys).to.have.length(1),
        verificationKeys: () => expect(actions.verificationKeys()).to.deep.equal([]),
        'calls.list': () => expect(actions.calls.list()).to.deep.equal([]),
        health: () => expect(actions.health()).to.include({ connected: false }),
        'network.explain': () => expect(actions.network.explain('https://x.example/').allowed).to.equal(true),
        close: () => actions.close(),
      };
      const operators: Readonly<Record<keyof typeof deliveries, () => unknown>> = {
        work: () => deliveries.work(),
        status: () => deliveries.status(),
        list: () => deliveries.list(),
        show: () => deliveries.show('dlv_1'),
        replay: () => deliveries.replay({ ids: [] }),
        discard: () => deliveries.discard({ ids: [] }),
        resetTo: () => deliveries.resetTo(0n),
      };
      for (const [name, call] of Object.entries({ ...rejecting, ...operators }))
        expect(await rejection(Promise.resolve().then(call)), name).to.include({
          code: 'ACTIONS_CLOSED',
          status: 503,
        });
      for (const tell of Object.values(telling)) await tell();
      expect([...Object.keys(rejecting), ...Object.keys(telling)]).to.have.members(functionsOf(actions));
      expect(await early[Symbol.asyncIterator]().next(), 'a subscription from before').to.include({
        done: true,
      });
    });

    it('refuse every append to an intercepted store, except to own streams and streams of the server', async () => {
      const { actions, guarded, store } = await openActions({ storeKind });
      await actions.close();
      expect(await rejection(guarded.append('order-1', [event]))).to.include({ code: 'ACTIONS_CLOSED' });
      const head = await store.head?.();
      await guarded.append('actions.execution-default.x', [event]);
      await guarded.append('$system', [event]);
      expect(await store.head?.()).to.equal((head ?? 0n) + 2n);
    });

    it('leave the store open, and close once', async () => {
      const { actions, store } = await openActions({ storeKind });
      const closing = actions.close();
      expect(actions.close()).to.equal(closing);
      await closing;
      await actions[Symbol.asyncDispose]();
      await store.append('order-1', [event]);
    });
  });

describe('closing', () => {
  it('waits for a running operation, which then appends', async () => {
    const { actions, call, guarded, read } = await openActions();
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const [target] = await call({ event: { all: true } }, { script: () => held.then(() => ({})) }, {});
    const appending = guarded.append('order-1', [event, event]);
    await target?.server.whenReceived(1);
    const closing = actions.close();
    answer();
    await Promise.all([appending, closing]);
    expect(await read('order-1')).to.have.length(2);
  });

  it('cuts off operations that still run after drainMs: each fails, appends nothing and leaves no socket open', async () => {
    for (const interruptOnError of [true, false]) {
      const { actions, call, guarded, read } = await openActions({ limits: { drainMs: 30 } });
      const [sync, told] = await call(
        { event: { all: true } },
        { interruptOnError, timeoutMs: 60_000, script: 'never' },
        { type: 'async', timeoutMs: 60_000, script: 'never' },
      );
      await actions.executions.set({ event: { event: 'order.noted' } }, [told?.id ?? '']);
      await guarded.append('order-1', [{ type: 'order.noted', data: {} }]);
      let ended = 0;
      const end = () => (ended += 1);
      const appending = rejection(guarded.append('order-2', [event]).finally(end));
      const withSignal = rejection(
        guarded.append('order-2', [event], { signal: new AbortController().signal }).finally(end),
      );
      await sync?.server.whenReceived(2);
      await told?.server.whenReceived(1);

      await actions.close();

      expect(ended).to.equal(2);
      expect(await appending).to.include({ code: 'ACTIONS_CLOSED' });
      expect(await withSignal).to.include({ code: 'ACTIONS_CLOSED' });
      expect(await read('order-2')).to.deep.equal([]);
      await sync?.server.whenIdle();
      await told?.server.whenIdle();
    }
  });
});
