import { expect } from 'chai';
import { createFeeds, mostCells, mostFeeds } from '../../src/console/plots/feeds.js';
import { createMinutes, minuteMs } from '../../src/console/plots/minutes.js';
import type { Plots } from '../../src/console/wire/calls.js';
import type { Calls, KeptCall, MissedCalls } from '../../src/index.js';
import { manualClock } from '../support/manualClock.js';
import { openConsole } from './openConsole.js';
import { until } from '../support/conditions.js';

const hour = 60;
const start = 1_700_000_000_000 - (1_700_000_000_000 % minuteMs);

const callAt = (atMs: number, more: Partial<KeptCall> = {}): KeptCall => ({
  number: 1,
  at: new Date(atMs).toISOString(),
  kind: 'event',
  condition: 'event/a',
  executionID: 'event/a',
  instanceID: 'default',
  targetID: 't',
  name: 'crm',
  callID: 'c',
  attempt: 1,
  durationMs: 10,
  verdict: 'passed',
  enforced: true,
  ...more,
});

describe('the plots of the console', () => {
  it('count the calls of each minute by verdict, and tell the median and the slowest', () => {
    const minutes = createMinutes();
    const now = start + 30 * minuteMs;
    for (let place = 1; place <= 100; place += 1)
      minutes.add(callAt(now, { durationMs: place, verdict: place > 98 ? 'failed' : 'passed' }), now);
    minutes.add(callAt(now - 2 * minuteMs, { durationMs: 200_000, verdict: 'amended' }), now);
    const { targets, minutes: shown, total } = minutes.plots(now, undefined);
    expect([shown.length, total, targets.length]).to.deep.equal([hour, 1, 1]);
    expect(shown.at(-1)).to.equal(new Date(now).toISOString());
    const plot = targets[0]!;
    expect(plot.passed.at(-1)).to.equal(98);
    expect(plot.failed.at(-1)).to.equal(2);
    expect(plot.amended.at(-3)).to.equal(1);
    expect(plot.p50Ms.at(-1)).to.be.within(50, 55);
    expect(plot.p99Ms.at(-1)).to.be.within(99, 109);
    expect(plot.p99Ms.at(-3)).to.be.within(200_000, 220_000);
    expect(plot.p50Ms.at(-2)).to.equal(null);
  });

  it('forget calls older than an hour, and ignore calls of another time', () => {
    const minutes = createMinutes();
    for (let minute = 0; minute < 200; minute += 1) {
      const now = start + minute * minuteMs;
      minutes.add(callAt(now), now);
    }
    expect(minutes.cells).to.equal(hour);
    const now = start + 199 * minuteMs;
    for (const at of [now + 2 * minuteMs, now - hour * minuteMs]) minutes.add(callAt(at), now);
    minutes.add(callAt(now, { at: 'soon' }), now);
    expect(minutes.cells).to.equal(hour);
    expect(minutes.plots(now + hour * minuteMs, undefined).targets).to.deep.equal([]);
    expect(minutes.cells).to.equal(0);
  });

  it('show the 50 targets with the most calls, or the requested target', () => {
    const minutes = createMinutes();
    for (let target = 0; target < 60; target += 1)
      for (let calls = 0; calls <= target; calls += 1)
        minutes.add(callAt(start, { targetID: `t${target}` }), start);
    const { targets, total } = minutes.plots(start, undefined);
    expect([total, targets.length, targets[0]?.targetID]).to.deep.equal([60, 50, 't59']);
    expect(minutes.plots(start, 't3').targets.map(({ passed }) => passed.at(-1))).to.deep.equal([4]);
    expect(minutes.plots(start, 'none').targets).to.deep.equal([]);
  });

  it('hold a bounded number of counts, and drop counts of the instance with the most', async () => {
    const tell = new Map<string, (call: KeptCall | MissedCalls) => void>();
    let instance = '';
    const calls: Calls = {
      list: () => [],
      subscribe() {
        const waiting: (KeptCall | MissedCalls)[] = [];
        let wake: () => void = () => undefined;
        tell.set(instance, (call) => {
          waiting.push(call);
          wake();
        });
        return (async function* () {
          for (;;) {
            const next = waiting.shift();
            if (next) yield next;
            else await new Promise<void>((resolve) => (wake = resolve));
          }
        })();
      },
    };
    const clock = manualClock();
    const feeds = createFeeds({
      actions: {
        calls,
        runAs(caller, action) {
          instance = caller.instanceID ?? '';
          return action();
        },
      },
      clock,
      closing: new AbortController().signal,
    });
    feeds.follow('large');
    feeds.follow('small');
    const at = clock.now();
    for (let target = 0; target < mostCells; target += 1)
      tell.get('large')?.(callAt(at, { targetID: `t${target}` }));
    for (let target = 0; target < 10; target += 1)
      tell.get('small')?.(callAt(at, { targetID: `t${target}` }));
    tell.get('small')?.({ missed: 3 });
    await until(() => feeds.plots('small', undefined).missed !== 0);
    expect(feeds.plots('small', undefined)).to.include({ total: 10, missed: 3 });
    expect(feeds.plots('large', undefined)).to.include({ total: mostCells - 10, missed: 10 });
    for (let more = 0; more < 2 * mostFeeds; more += 1) feeds.follow(`i${more}`);
    expect(feeds.size).to.equal(mostFeeds);
  });

  it('count from the start of the console, and for another instance also the kept calls', async () => {
    const { ask, actions, add } = await openConsole();
    const count = async (token?: string) => {
      const { document } = await ask<Plots>('plots', token === undefined ? {} : { token });
      return document.targets.map(({ passed, name }) => [name, passed.reduce((sum, each) => sum + each, 0)]);
    };
    const { id, server } = await add({ name: 'crm' });
    await actions.executions.set({ request: { all: true } }, [id]);
    await actions.request('/a.S/M', {});
    await actions.request('/a.S/M', {});
    expect(await count()).to.deep.equal([['crm', 2]]);
    await actions.runAs({ instanceID: 'elsewhere' }, async () => {
      const other = await actions.targets.add({ name: 'erp', type: 'webhook', endpoint: server.url() });
      await actions.executions.set({ request: { all: true } }, [other.id]);
      await actions.request('/a.S/M', {});
    });
    await until(async () => (await count('elsewhere')).length !== 0);
    expect(await count('elsewhere')).to.deep.equal([['erp', 1]]);
    expect(await count()).to.deep.equal([['crm', 2]]);
    expect((await ask<Plots>(`plots?targetID=${id}`)).document.total).to.equal(1);
  });
});
