import { expect } from 'chai';
import {
  createDeliveries,
  memoryDeliveryStore,
  type EventData,
  type DeliveryStore,
} from '../../src/index.js';
import { partitionOf } from '../../src/deliveries/policy/partitionOf.js';
import { until } from '../support/conditions.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions } from '../support/openActions.js';
import { deliveryStoreWith } from './gate.js';
import { durable, openDeliveries, quick, shortLeaseMs } from './openDeliveries.js';
import { totals } from './received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;
/** One stream of each partition. */
const streams: readonly string[] = Array.from({ length: 16 }, (_, partition) => {
  for (let place = 0; ; place++) if (partitionOf(`order-${place}`) === partition) return `order-${place}`;
});

/** Counts how often a worker has read the owners of the partitions. */
function counting(inner: DeliveryStore) {
  let looks = 0;
  return {
    looks: () => looks,
    store: deliveryStoreWith(
      () => ({
        partitions() {
          looks++;
          return inner.partitions();
        },
      }),
      inner,
    ),
  };
}

describe('a partition that is assigned to another worker', () => {
  it('is given away once its calls have ended, and nothing is called twice', async () => {
    const inner = memoryDeliveryStore();
    const [first, second] = [counting(inner), counting(inner)];
    const { actions, guarded, call, work } = await openDeliveries({ store: first.store });
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const script = async () => {
      await answered;
      return {};
    };
    const [endpoint] = await call(condition, { ...durable, script });
    const server = endpoint?.server ?? expect.fail();
    const options = { perTarget: 32 };
    await work(options);
    for (const [total, stream] of streams.entries()) await guarded.append(stream, [placed(total)]);
    await server.whenReceived(16);

    const other = await createDeliveries({ actions, store: second.store }).work({ ...quick, ...options });
    closeAfterTest(() => other.stop());
    const [seen, seenByOther] = [first.looks(), second.looks()];
    await until(() => first.looks() >= seen + 5 && second.looks() >= seenByOther + 5);
    expect(other.health().partitions).to.deep.equal([]);
    expect(server.received).to.have.lengthOf(16);
    answer();
    await until(() => other.health().partitions.length === 8);
    await other.whenIdle();
    expect(server.received, 'what was answered before the release is not sent again').to.have.lengthOf(16);
  });
});

describe('the lease of a worker', () => {
  it('ends by the monotonic clock while the time of day stands still, and costs no attempt', async () => {
    let isCutOff = false;
    const store = deliveryStoreWith((inner) => ({
      beat: (beat) => (isCutOff ? Promise.reject(new Error('cut off')) : inner.beat(beat)),
    }));
    // The time of day stands still.
    const { guarded, call, work, told } = await openDeliveries({ store }, { now: () => 1_900_000_000_000 });
    const [endpoint] = await call(condition, { ...durable, script: 'never' });
    const server = endpoint?.server ?? expect.fail();
    const worker = await work({ leaseMs: shortLeaseMs, retry: { attempts: 1 } });
    await guarded.append('order-1', [placed(1)]);
    await server.whenReceived(1);
    isCutOff = true;
    await server.whenIdle();
    server.answer({});
    isCutOff = false;
    await worker.whenIdle();
    const outcomes = new Set(told.map(({ outcome, attempt }) => `${outcome} ${attempt}`));
    expect([...outcomes]).to.deep.equal(['delivered 1']);
    expect(totals(server).length).to.be.at.least(2);
  });

  it('is taken over when its worker is silent, also while the time of day jumps', async () => {
    const inner = memoryDeliveryStore();
    const silent = deliveryStoreWith(
      () => ({ beat: ({ beat, ...rest }) => inner.beat({ ...rest, beat: Math.min(beat, 1) }) }),
      inner,
    );
    const { store: events, guarded, call, work } = await openDeliveries({ store: silent });
    const [endpoint] = await call(condition, durable);
    // The worker takes its beats for stored; the other workers judge by the store.
    await work();
    await guarded.append('order-1', [placed(1)]);
    await endpoint?.server.whenReceived(1);
    let hours = 0;
    const jumping = await openActions({
      eventStore: events,
      now: () => 1_900_000_000_000 + (hours = (hours + 1) % 3) * 3_600_000,
    });
    const other = await createDeliveries({ actions: jumping.actions, store: inner }).work({
      ...quick,
      leaseMs: shortLeaseMs,
    });
    closeAfterTest(() => other.stop());
    await until(() => other.health().partitions.length === 16);
  });

  it('is not shortened when the time of day jumps', async () => {
    let hours = 0;
    const { guarded, call, work, told } = await openDeliveries(
      {},
      { now: () => 1_900_000_000_000 + hours * 3_600_000 },
    );
    let calls = 0;
    const [endpoint] = await call(condition, {
      ...durable,
      script: () => ({ status: ++calls % 3 === 0 ? 200 : 500 }),
    });
    const worker = await work();
    for (let total = 0; total < 30; total++) {
      hours = [0, 1, -1][total % 3] ?? 0;
      await guarded.append(`order-${total % 2}`, [placed(total)]);
      await endpoint?.server.whenReceived(total * 3 + 3);
    }
    await worker.whenIdle();
    expect(told.filter(({ outcome }) => outcome === 'delivered')).to.have.lengthOf(30);
    expect(worker.health().partitions).to.have.lengthOf(16);
  });
});
