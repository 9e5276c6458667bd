import { expect } from 'chai';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createAsyncCalls } from '../../../src/firing/pacing/asyncCalls.js';
import { startOf } from './startable.js';

/** A call that the test ends. */
function startable() {
  let end: () => void = () => undefined;
  let started = false;
  const call = () => {
    started = true;
    return new Promise<void>((resolve) => (end = resolve));
  };
  return {
    call,
    isStarted: () => started,
    end: () => {
      end();
    },
  };
}

describe('async calls', () => {
  it('run a bounded number at once, queue a bounded number in order, and count dropped calls', async () => {
    const calls = createAsyncCalls({ atOnce: 2, queue: 3 });
    const start = startOf(calls);
    const all = Array.from({ length: 7 }, startable);
    const ended = all.map(({ call }) => start(call));

    expect(all.map(({ isStarted }) => isStarted())).to.deep.equal([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(ended.map((promise) => promise !== undefined)).to.deep.equal([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(calls).to.include({ running: 2, waiting: 3, dropped: 2 });

    all[1]?.end();
    await ended[1];
    expect(all.map(({ isStarted }) => isStarted())).to.deep.equal([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(calls).to.include({ running: 2, waiting: 2, dropped: 2 });
    for (const place of [0, 2, 3, 4]) {
      all[place]?.end();
      await ended[place];
    }
    expect(calls).to.include({ running: 0, waiting: 0, dropped: 2 });
  });

  it('without a queue drop each call that finds all places taken', async () => {
    const calls = createAsyncCalls({ atOnce: 1, queue: 0 });
    const start = startOf(calls);
    const first = startable();
    const ended = start(first.call);
    expect(start(first.call)).to.equal(undefined);
    first.end();
    await ended;
    const next = startable();
    expect(start(next.call)).not.to.equal(undefined);
    next.end();
    expect(calls.dropped).to.equal(1);
  });

  it('lose none, however many are started while others end', async () => {
    const calls = createAsyncCalls({ atOnce: 3, queue: 1_000 });
    const start = startOf(calls);
    let running = 0;
    let most = 0;
    let ran = 0;
    const call = async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      if (ran++ < 300) started.push(start(call));
      running--;
    };
    const started = Array.from({ length: 50 }, () => start(call));
    for (let place = 0; place < started.length; place++) await started[place];
    expect([ran, most, calls.dropped, calls.running, calls.waiting]).to.deep.equal([350, 3, 0, 0, 0]);
  });

  it('run in the context of their caller, queued or not', async () => {
    const calls = createAsyncCalls({ atOnce: 1, queue: 10 });
    const start = startOf(calls);
    const context = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const ended = ['first', 'second', 'third'].map((name) =>
      context.run(name, () =>
        start(async () => {
          await new Promise(setImmediate);
          seen.push(context.getStore());
        }),
      ),
    );
    for (const end of ended) await end;
    expect(seen).to.deep.equal(['first', 'second', 'third']);
  });
});
