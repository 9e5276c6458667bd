import { expect } from 'chai';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallTarget } from '../../../src/firing/calls/callTarget.js';
import { createPacing } from '../../../src/firing/pacing/pacing.js';
import type { PlannedCall } from '../../../src/firing/calls/operation.js';
import { createActions, isActionsError, memoryEventStore } from '../../../src/index.js';
import { manualClock } from '../../support/manualClock.js';
import { rejection } from '../../support/openActions.js';

describe('pacing', () => {
  const turn = {
    operation: { instanceID: 'default' },
    resolved: { targetID: 't', target: { endpoint: 'https://policy.example/' } },
  } as PlannedCall;
  const answer = { status: 200, contentType: '', body: new Uint8Array() };
  const limits = { callsPerTarget: 1, callsPerHost: 1, socketsPerHost: 1, callQueue: 10 };
  const { signal } = new AbortController();

  it("returns the call's own promise when a place is free", async () => {
    const running = Promise.resolve(answer);
    const callTarget = createPacing({ clock: manualClock(), limits }).pace(() => running);
    expect(callTarget(turn, 1_000, signal)).to.equal(running);
    await running;
    expect(callTarget(turn, 1_000, signal)).to.equal(running);
  });

  it('gives a queued call the rest of its time, and runs it in its own async context', async () => {
    const clock = manualClock();
    let elapsed = 0;
    const context = new AsyncLocalStorage<string>();
    const calls: [number, string | undefined][] = [];
    const ends: (() => void)[] = [];
    const inner: CallTarget = (_turn, timeoutMs) => {
      calls.push([timeoutMs, context.getStore()]);
      return new Promise((resolve) => {
        ends.push(() => {
          resolve(answer);
        });
      });
    };
    const callTarget = createPacing({ clock: { ...clock, elapsed: () => elapsed }, limits }).pace(inner);
    const first = context.run('first', () => callTarget(turn, 1_000, signal));
    const second = context.run('second', () => callTarget(turn, 1_000, signal));
    elapsed = 300;
    ends[0]?.();
    await first;
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).to.deep.equal([
      [1_000, 'first'],
      [700, 'second'],
    ]);
    expect(clock.pending()).to.deep.equal([]);
    ends[1]?.();
    expect(await second).to.equal(answer);
  });

  it('gives the place back when a call fails', async () => {
    const failure = new Error('cut off');
    const pacing = createPacing({ clock: manualClock(), limits: { ...limits, callQueue: 0 } });
    const callTarget = pacing.pace(() => Promise.reject(failure));
    for (let times = 0; times < 3; times++)
      expect(await rejection(callTarget(turn, 1_000, signal))).to.equal(failure);
  });
});

describe('limits of calls', () => {
  for (const limits of [
    { callsPerTarget: 0 },
    { callsPerTarget: 1.5 },
    { callsPerHost: 0 },
    { callsPerHost: Number.NaN },
    { callQueue: -1 },
    { callQueue: Infinity },
  ])
    it(`refuse ${JSON.stringify(limits)}`, async () => {
      const error = await rejection(createActions({ eventStore: memoryEventStore(), limits }));
      expect(isActionsError(error, 'INVALID_ARGUMENT'), String(error)).to.equal(true);
    });
});
