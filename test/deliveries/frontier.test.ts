import { expect } from 'chai';
import { memoryDeliveryStore, type DeadLetter, type EventData } from '../../src/index.js';
import { partitionOf } from '../../src/deliveries/policy/partitionOf.js';
import { until } from '../support/conditions.js';
import { createGate, deliveryStoreWith } from './gate.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { totals } from './received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;

describe('the content of a commit', () => {
  it('holds a lane for every event that the commit counts as read and that no target has answered', async () => {
    const inner = memoryDeliveryStore();
    const { store, guarded, call, work } = await openDeliveries({ store: inner });
    await call(condition, { ...durable, script: 'never' });
    for (let total = 0; total < 40; total++) await guarded.append(`order-${total % 8}`, [placed(total)]);
    const head = (await store.head?.()) ?? 0n;
    await work({ depth: 2, drainMs: 0 });
    const streams = Array.from({ length: 8 }, (_, place) => `order-${place}`);
    for (const stream of streams) {
      const number = partitionOf(stream);
      let state = await inner.state(number);
      while ((state?.position ?? 0n) < head) {
        await new Promise((resolve) => setImmediate(resolve));
        state = await inner.state(number);
      }
      const lane = state?.lanes.find((row) => row.stream === stream);
      expect({ stream, head: lane?.head, isDone: lane?.isDone }).to.deep.equal({
        stream,
        head: 0n,
        isDone: false,
      });
    }
  });

  it('keeps the position of a target with too many lanes before the first event without a lane', async () => {
    const { guarded, call, work } = await openDeliveries();
    const [endpoint] = await call(condition, durable);
    for (let total = 0; total < 200; total++) await guarded.append(`order-${total}`, [placed(total)]);
    const worker = await work({ coldLanes: 1 });
    await worker.whenIdle();
    expect([...totals(endpoint?.server ?? expect.fail())].sort((left, right) => left - right)).to.deep.equal(
      Array.from({ length: 200 }, (_, total) => total),
    );
  });

  it('keeps a dead letter before the next event of its stream is sent', async () => {
    const gate = createGate();
    const parked: DeadLetter[] = [];
    const deliveryStore = deliveryStoreWith((inner) => ({
      async commit(commit) {
        if (commit.parked.length > 0) await gate.pass();
        parked.push(...commit.parked);
        return inner.commit(commit);
      },
    }));
    const { guarded, call, work, told } = await openDeliveries({ store: deliveryStore });
    const [endpoint] = await call(condition, {
      ...durable,
      script: ({ body }) => ({ status: body.includes('"total":1}') ? 400 : 200 }),
    });
    gate.hold();
    await guarded.append('order-1', [placed(1), placed(2)]);
    const worker = await work({ retry: { firstDelayMs: 1, permanentAttempts: 1 } });
    await until(() => gate.waiting() === 1);
    // Streams of other partitions are still delivered meanwhile.
    const others = Array.from({ length: 40 }, (_, place) => place + 10);
    for (const total of others) await guarded.append(`order-${total}`, [placed(total)]);
    const delivered = () => told.filter(({ outcome }) => outcome === 'delivered').length;
    await until(() => delivered() >= 30);
    expect(totals(endpoint?.server ?? expect.fail()))
      .to.include(1)
      .and.not.include(2);
    expect(parked).to.deep.equal([]);
    gate.open();
    await worker.whenIdle();
    expect(parked.map(({ version }) => version)).to.deep.equal([0n]);
    expect(totals(endpoint?.server ?? expect.fail())).to.include.members([2, ...others]);
  });
});
