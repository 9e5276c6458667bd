import { expect } from 'chai';
import type { EventData } from '../src/index.js';
import { openActions, rejection, storeKinds } from './support/openActions.js';

const event: EventData = { type: 'order.placed', data: {} };

for (const storeKind of storeKinds)
  describe(`closed actions (${storeKind})`, () => {
    it('reject every later call, intercepted appends too, own streams aside', async () => {
      const { actions, add, guarded, store } = await openActions({ storeKind });
      const { id } = await add();
      const { request, function: run } = actions;
      await actions.close();
      const condition = { event: { all: true } } as const;
      const calls: Readonly<Record<string, () => Promise<unknown>>> = {
        'targets.add': () =>
          actions.targets.add({ name: 'x', type: 'webhook', endpoint: 'https://x.example/' }),
        'targets.change': () => actions.targets.change(id, {}),
        'targets.remove': () => actions.targets.remove(id),
        'targets.rotateSigningKey': () => actions.targets.rotateSigningKey(id),
        'targets.get': () => actions.targets.get(id),
        'targets.list': () => actions.targets.list(),
        'executions.set': () => actions.executions.set(condition, []),
        'executions.remove': () => actions.executions.remove(condition),
        'executions.get': () => actions.executions.get(condition),
        'executions.list': () => actions.executions.list(),
        'append that would match': () => guarded.append('order-1', [event]),
        'append to a store intercepted after': () => actions.intercept(store).append('order-1', [event]),
        request: () => request('/a.B/C', {}),
        response: () => actions.response('/a.B/C', {}, {}),
        function: () => run('preaccesstoken', {}),
        ready: () => actions.ready(),
        whenApplied: () => actions.whenApplied(1n),
        rebuild: () => actions.rebuild(),
        'network.change': () => actions.network.change({}),
      };
      for (const [name, call] of Object.entries(calls))
        expect(await rejection(call()), name).to.include({ code: 'ACTIONS_CLOSED', status: 503 });

      expect(() => actions.targets.keys.inspect('no key')).to.throw(/key/);

      const head = await store.head?.();
      await guarded.append('actions.execution-default.x', [event]);
      await guarded.append('$system', [event]);
      expect(await store.head?.()).to.equal((head ?? 0n) + 2n);
      expect(actions.health()).to.include({ connected: false });
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

  it('cuts off after drainMs what does not end: the operation fails, nothing is appended, nothing stays open', async () => {
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
