import { expect } from 'chai';
import { createAsyncCalls } from '../../../src/firing/pacing/asyncCalls.js';
import { startOf } from './startable.js';
import { openActions } from '../../support/openActions.js';
import type { ScriptedAnswer } from '../../support/targetServer.js';
import { until } from '../../support/conditions.js';

describe('a slow async target', () => {
  it('leaves places to other targets', async () => {
    const { actions, add, guarded, reports } = await openActions({
      limits: { asyncAtOnce: 3, callsPerTarget: 2 },
    });
    const held: ((answer: ScriptedAnswer) => void)[] = [];
    const slow = await add({ type: 'async', script: () => new Promise((resolve) => held.push(resolve)) });
    const quick = await add({ type: 'async' });
    await actions.executions.set({ event: { event: 'slow' } }, [slow.id]);
    await actions.executions.set({ event: { event: 'quick' } }, [quick.id]);

    for (let count = 0; count < 10; count++)
      await guarded.append(`slow-${count}`, [{ type: 'slow', data: {} }]);
    await slow.server.whenReceived(2);
    for (let count = 0; count < 10; count++)
      await guarded.append(`quick-${count}`, [{ type: 'quick', data: {} }]);
    await quick.server.whenReceived(10);
    await until(() => reports.length >= 10);
    expect(slow.server.received).to.have.length(2);
    expect(actions.health().queues.async).to.deep.equal({ running: 2, waiting: 8 });

    slow.server.answer({});
    for (const answer of held) answer({});
    await slow.server.whenReceived(10);
    await until(() => reports.length >= 20);
    expect(reports.every(({ verdict }) => verdict === 'passed')).to.equal(true);
    expect(actions.health().dropped).to.equal(0);
  });

  it('waits in the queue of all targets, and is dropped where the queue is full', async () => {
    const calls = createAsyncCalls({ atOnce: 2, perTarget: 1, queue: 1 });
    const start = startOf(calls);
    const ends: (() => void)[] = [];
    const call = () => new Promise<void>((resolve) => ends.push(resolve));
    const started = [start(call, 'slow'), start(call, 'slow'), start(call, 'slow')];
    expect(started.map((promise) => promise !== undefined)).to.deep.equal([true, true, false]);
    expect(calls).to.include({ running: 1, waiting: 1, dropped: 1 });
    // There is a free place for the other target, so its call needs no place in the queue.
    const other = start(call, 'quick');
    expect(other).not.to.equal(undefined);
    expect(calls).to.include({ running: 2, waiting: 1, dropped: 1 });
    expect(start(call, 'third')).to.equal(undefined);
    for (let end = ends.shift(); end; end = ends.shift()) {
      end();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([...started, other]);
    expect(calls).to.include({ running: 0, waiting: 0, dropped: 2 });
  });
});
