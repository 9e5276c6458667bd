import { expect } from 'chai';
import type { EventData } from '../../src/index.js';
import { until } from '../support/conditions.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { totals } from './received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;

describe('a target that is down', () => {
  it('gets no further lanes, however much is appended', async () => {
    const { store, guarded, call, work } = await openDeliveries();
    const [down, up] = await call(condition, { ...durable, script: { status: 503 } }, durable);
    const worker = await work({ failures: 3, probeMs: 60_000, coldLanes: 100_000 });
    await guarded.append('order-first', [placed(0), placed(1), placed(2)]);
    const health = () => worker.health().targets.find(({ targetID }) => targetID === down?.id);
    await until(() => health()?.state === 'down');
    const events = Array.from({ length: 500 }, (_, total) => total + 3);
    for (const total of events) await guarded.append(`order-${total}`, [placed(total)]);
    await up?.server.whenReceived(503);
    const head = (await store.head?.()) ?? 0n;
    await until(() => (worker.health().position ?? 0n) >= head);
    expect(health()?.lanes).to.equal(1);
  });

  it('costs no attempts: a probe counts only where the lane is due', async () => {
    const { guarded, call, work, told, deliveries } = await openDeliveries();
    const [endpoint] = await call(condition, { ...durable, script: { status: 503 } });
    await guarded.append('order-1', [placed(1), placed(2)]);
    const worker = await work({
      failures: 1,
      probeMs: 5,
      retry: { attempts: 3, firstDelayMs: 3_600_000, maxDelayMs: 3_600_000 },
    });
    const server = endpoint?.server ?? expect.fail();
    await server.whenReceived(20);
    expect((await deliveries.list({ state: 'parked' })).items).to.deep.equal([]);
    expect(new Set(told.map(({ attempt }) => attempt))).to.deep.equal(new Set([1]));
    server.answer({});
    await worker.whenIdle();
    expect(totals(server).slice(-2)).to.deep.equal([1, 2]);
    expect(told.map(({ outcome }) => outcome)).to.not.include('parked');
  });
});
