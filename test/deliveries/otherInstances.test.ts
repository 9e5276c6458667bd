import { expect } from 'chai';
import type { DeliveryReport, EventData } from '../../src/index.js';
import { until } from '../support/conditions.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { totals } from './received.js';

const condition = { event: { event: 'order.placed' } } as const;
const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const caller = ({ stream }: { readonly stream: string }) => ({
  instanceID: stream.startsWith('loud') ? 'loud' : 'quiet',
});

/** Two instances, each with a target for all of its orders, over one worker. */
async function openInstances(loudStatus: number) {
  const opened = await openDeliveries({ caller });
  const { actions, serve } = opened;
  const [loudServer, quietServer] = [await serve({ status: loudStatus }), await serve()];
  const add = (instanceID: string, endpoint: string) =>
    actions.runAs({ instanceID }, async () => {
      const { id } = await actions.targets.add({ ...durable, name: 'orders', endpoint });
      await actions.executions.set(condition, [id]);
      return id;
    });
  const [loud, quiet] = [await add('loud', loudServer.url()), await add('quiet', quietServer.url())];
  const append = (instanceID: 'loud' | 'quiet', stream: number, total: number) =>
    actions.runAs({ instanceID }, () => opened.guarded.append(`${instanceID}-${stream}`, [placed(total)]));
  return { ...opened, append, loud, quiet, loudServer, quietServer };
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number);
const byNumber = (list: readonly number[]): readonly number[] =>
  [...list].sort((left, right) => left - right);
const ofTarget = (told: readonly DeliveryReport[], id: string): readonly DeliveryReport[] =>
  told.filter(({ targetID }) => targetID === id);

describe('the deliveries of two instances, one of which floods and fails', () => {
  it('go on for the quiet instance while thousands of events of the flooding instance wait, with no more in memory than the share of an instance', async () => {
    const { append, work, loud, quiet, quietServer, told } = await openInstances(503);
    const flood = 3_000;
    for (const total of numbers(flood)) await append('loud', total, total);
    for (const total of numbers(50)) await append('quiet', total % 5, total);
    const coldLanes = 20;
    const worker = await work({
      coldLanes,
      window: 32,
      failures: 1_000_000,
      retry: { firstDelayMs: 3_600_000, maxDelayMs: 3_600_000 },
    });
    let most = 0;
    await until(() => {
      const lanes = worker.health().targets.find(({ targetID }) => targetID === loud)?.lanes ?? 0;
      most = Math.max(most, lanes);
      return ofTarget(told, quiet).length >= 50;
    });
    expect(byNumber(totals(quietServer))).to.deep.equal(numbers(50));
    // 16 partitions, each with its share for one target.
    expect(most).to.be.within(1, 16 * coldLanes);
    expect(ofTarget(told, quiet).map(({ outcome }) => outcome)).to.deep.equal(
      numbers(50).map(() => 'delivered'),
    );
    expect(new Set(ofTarget(told, quiet).map(({ instanceID }) => instanceID))).to.deep.equal(
      new Set(['quiet']),
    );
    expect(new Set(ofTarget(told, loud).map(({ instanceID }) => instanceID))).to.deep.equal(
      new Set(['loud']),
    );
  });

  it('keep their dead letters and replays apart: neither is listed, replayed or discarded with the other', async () => {
    const { append, work, deliveries, loud, quiet, loudServer, quietServer } = await openInstances(400);
    quietServer.answer({ status: 400 });
    const permanent = { permanentAttempts: 1 };
    const worker = await work({ retry: { firstDelayMs: 5, maxDelayMs: 40, ...permanent } });
    for (const total of numbers(60)) await append('loud', total % 6, total);
    for (const total of numbers(6)) await append('quiet', total, total);
    await worker.whenIdle();

    const parked = async (targetID: string) => {
      const { items } = await deliveries.list({ targetID, state: 'parked', limit: 1_000 });
      return items;
    };
    const [ofLoud, ofQuiet] = [await parked(loud), await parked(quiet)];
    expect(ofLoud.map(({ instanceID, stream }) => [instanceID, stream.split('-', 1)[0]])).to.deep.equal(
      numbers(60).map(() => ['loud', 'loud']),
    );
    expect(ofQuiet.map(({ instanceID, stream }) => [instanceID, stream.split('-', 1)[0]])).to.deep.equal(
      numbers(6).map(() => ['quiet', 'quiet']),
    );
    const letters = () =>
      new Map(worker.health().targets.map(({ targetID, deadLetters }) => [targetID, deadLetters]));
    await until(() => letters().get(loud) === 60 && letters().get(quiet) === 6);

    quietServer.answer({});
    loudServer.answer({});
    const [calls, loudCalls] = [quietServer.received.length, loudServer.received.length];
    expect(await deliveries.replay({ targetID: quiet })).to.deep.equal({ deadLetters: 6 });
    await until(() => quietServer.received.length >= calls + 6);
    await worker.whenIdle();
    expect(byNumber(totals(quietServer).slice(calls))).to.deep.equal(numbers(6));
    expect(loudServer.received).to.have.lengthOf(loudCalls);
    expect(await parked(quiet)).to.deep.equal([]);
    expect(await parked(loud)).to.have.lengthOf(60);

    expect(await deliveries.discard({ targetID: loud, reason: 'status' })).to.deep.equal({ deadLetters: 60 });
    await until(async () => (await parked(loud)).length === 0);
    expect(loudServer.received).to.have.lengthOf(loudCalls);
  });

  it('are not held up where the other instance replays everything', async () => {
    const { append, work, deliveries, loud, loudServer, quietServer } = await openInstances(200);
    for (const total of numbers(600)) await append('loud', total % 30, total);
    const worker = await work({ window: 32, perTarget: 4 });
    await worker.whenIdle();
    const before = loudServer.received.length;
    // In the middle of its replay the loud target is slow: it goes on once the quiet one was sent everything.
    loudServer.answer(async () => {
      if (loudServer.received.length > before + 300) await quietServer.whenReceived(40);
      return {};
    });
    await deliveries.replay({ targetID: loud, from: 0n, to: 1_000_000n });
    await until(() => loudServer.received.length > before);
    for (const total of numbers(40)) await append('quiet', total % 4, total);
    await quietServer.whenReceived(40);
    await worker.whenIdle();
    expect(byNumber([...new Set(totals(loudServer).slice(before))])).to.deep.equal(numbers(600));
    expect(byNumber(totals(quietServer))).to.deep.equal(numbers(40));
  });
});
