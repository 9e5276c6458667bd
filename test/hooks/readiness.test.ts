import { expect } from 'chai';
import { createActions, isActionsError, memoryEventStore } from '../../src/index.js';
import type { Actions, ActionsOptions, EventStore, SubscribeOptions } from '../../src/index.js';
import { createBudgets } from '../../src/firing/pacing/budget.js';
import { createReadiness } from '../../src/hooks/context/readiness.js';
import { instantClock } from '../support/instantClock.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, readAll, rejection } from '../support/openActions.js';

const event = { type: 'order.placed', data: {} };

/** A store whose subscriptions yield nothing until the test releases them. */
function silentStore() {
  const memory = memoryEventStore();
  let letGo: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  const store: EventStore = {
    ...memory,
    async *subscribe(options: SubscribeOptions) {
      const ended = new Promise<void>((resolve) => {
        if (options.signal.aborted) resolve();
        options.signal.addEventListener('abort', () => {
          resolve();
        });
      });
      await Promise.race([gone, ended]);
      if (!options.signal.aborted) yield* memory.subscribe(options);
    },
  };
  return { store, memory, letGo };
}

/** A target that vetoes everything, added by another process before this one opens an index that stays incomplete. */
async function openUnready(options: Partial<ActionsOptions> = {}) {
  const { store, memory, letGo } = silentStore();
  const operator = await openActions({ eventStore: memory });
  const [target] = await operator.call(
    { event: { all: true } },
    { interruptOnError: true, script: { body: '{"forwardedStatusCode":403}' } },
  );
  const actions: Actions = await createActions({
    eventStore: store,
    keyring: 'plaintext',
    awaitReady: false,
    network: { allow: [target?.server.allow ?? ''] },
    ...options,
  });
  closeAfterTest(() => actions.close());
  return { actions, letGo, guarded: actions.intercept(store), store, server: target?.server };
}

describe('an index that was never complete', () => {
  it('fails operations that need the index once the budget is spent, and lets none pass without its targets', async () => {
    const { actions, guarded, store, server } = await openUnready({ limits: { budgetMs: 60 } });
    expect(actions.health()).to.include({ caughtUp: false, connected: false });
    for (const doing of [
      guarded.append('order-1', [event]),
      actions.request('/a.B/C', {}),
      actions.response('/a.B/C', {}, {}),
      actions.function('preaccesstoken', {}),
    ]) {
      const error = await rejection(doing);
      if (!isActionsError(error, 'INDEX_NOT_READY')) throw error;
      expect(error.status).to.equal(503);
      expect(error.detail).to.contain('after 60 ms').and.to.contain('nothing was called or written');
    }
    expect(await readAll(store, 'order-1')).to.deep.equal([]);
    expect(server?.received).to.have.length(0);
  });

  it('delays an operation, which the complete index then judges', async () => {
    const { guarded, letGo, store, server } = await openUnready();
    const data = { total: 1 };
    const appending = guarded.append('order-1', [{ type: 'order.placed', data }]);
    data.total = 2;
    letGo();
    const error = await rejection(appending);
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', status: 403 });
    expect(server?.received[0]?.body).to.contain('"event_payload":{"total":1}');
    expect(await readAll(store, 'order-1')).to.deep.equal([]);
  });

  it('does not delay operations that call no target: appends to our own streams, an empty append', async () => {
    const { actions, guarded } = await openUnready({ limits: { budgetMs: 100_000 } });
    await guarded.append('actions.target-default.x', [{ type: 'other', data: {} }]);
    expect(await guarded.append('order-1', [])).to.deep.equal({ version: 0n });
    await actions.executions.remove({ event: { all: true } });
  });

  it('rejects an operation with the reason of a caller who aborts', async () => {
    const { guarded } = await openUnready();
    const giveUp = new AbortController();
    const appending = guarded.append('order-1', [event], { signal: giveUp.signal });
    giveUp.abort(new Error('the user left'));
    expect(await rejection(appending)).to.equal(giveUp.signal.reason);
  });

  it('ends the wait when the actions are closed', async () => {
    const { actions, guarded, store } = await openUnready();
    const appending = rejection(guarded.append('order-1', [event]));
    const ready = rejection(actions.ready());
    await actions.close();
    expect(await appending).to.include({ code: 'ACTIONS_CLOSED' });
    expect(await ready).to.include({ code: 'ACTIONS_CLOSED' });
    expect(await readAll(store, 'order-1')).to.deep.equal([]);
  });

  it('fails nothing under observe', async () => {
    const { actions, guarded, store } = await openUnready({ mode: 'observe', limits: { budgetMs: 20 } });
    await guarded.append('order-1', [event]);
    expect(await actions.request('/a.B/C', { a: 1 })).to.deep.equal({ a: 1 });
    expect(await readAll(store, 'order-1')).to.have.length(1);
  });

  it('refuses bad input without a wait', async () => {
    const { guarded } = await openUnready({ limits: { budgetMs: 100_000 } });
    const error = await rejection(guarded.append('order-1', [event], { expectedVersion: -1n }));
    expect(error).to.include({ code: 'INVALID_ARGUMENT' });
  });
});

describe('the wait for an index', () => {
  for (const [mode, spent] of [
    ['enforce', { enforced: 0, observed: 100 }],
    ['observe', { enforced: 100, observed: 0 }],
  ] as const)
    it(`counts against the budget of the calls that follow (${mode})`, async () => {
      const whenCaughtUp = (signal?: AbortSignal) =>
        new Promise<void>((_, reject) => {
          signal?.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        });
      const { wait } = createReadiness({ caughtUp: false, whenCaughtUp }, instantClock(), mode);
      const budgets = createBudgets(100);
      const error: unknown = await wait(budgets).catch((reason: unknown) => reason);
      if (mode === 'enforce') expect(error).to.include({ code: 'INDEX_NOT_READY' });
      else expect(error).to.equal(undefined);
      expect({ enforced: budgets.enforced.left, observed: budgets.observed.left }).to.deep.equal(spent);
    });
});
