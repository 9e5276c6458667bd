import { expect } from 'chai';
import { memoryDeliveryStore, memoryEventStore, type EventData, type EventStore } from '../../src/index.js';
import { until } from '../support/conditions.js';
import { createGate, deliveryStoreWith } from './gate.js';
import { durable, openDeliveries, shortLeaseMs } from './openDeliveries.js';
import { totals } from './received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;

/** Whether a promise is still pending after a number of timers in a row. */
async function isPendingAfter(promise: Promise<unknown>, timers: number): Promise<boolean> {
  const waited = (async () => {
    for (let timer = 0; timer < timers; timer++) await new Promise((resolve) => setTimeout(resolve, 5));
    return true;
  })();
  const settled = promise.then(
    () => false,
    () => false,
  );
  return Promise.race([settled, waited]);
}

describe('whenIdle of a worker', () => {
  it('does not resolve while a commit is under way', async () => {
    const gate = createGate();
    let wasWritten: () => void = () => undefined;
    const written = new Promise<void>((resolve) => (wasWritten = resolve));
    const store = deliveryStoreWith((inner) => ({
      async commit(commit) {
        const { putLanes, removeLanes } = commit.change;
        if (putLanes.length > 0) wasWritten();
        if (removeLanes.length > 0) await gate.pass();
        return inner.commit(commit);
      },
    }));
    const { guarded, call, work } = await openDeliveries({ store });
    const script = async () => {
      await written;
      return {};
    };
    await call(condition, { ...durable, script });
    const worker = await work();
    gate.hold();
    await guarded.append('order-1', [placed(1)]);
    // By then everything is delivered and in the commit under way.
    await until(() => gate.waiting() > 0);
    const idle = worker.whenIdle();
    expect(await isPendingAfter(idle, 60)).to.equal(true);
    gate.open();
    await idle;
  });

  it('does not resolve before an appended event has reached the worker', async () => {
    const gate = createGate();
    const inner = memoryEventStore();
    let subscriptions = 0;
    const source: EventStore = {
      ...inner,
      async *subscribe(options) {
        // The first subscription is that of the reader.
        const isReader = subscriptions++ === 0;
        for await (const message of inner.subscribe(options)) {
          if (isReader) await gate.pass();
          yield message;
        }
      },
    };
    const { store, call, work } = await openDeliveries({ source });
    expect(store).not.to.equal(source);
    const [endpoint] = await call(condition, durable);
    const server = endpoint?.server ?? expect.fail();
    const worker = await work();
    await worker.whenIdle();
    gate.hold();
    await inner.append('order-1', [placed(1)]);
    const idle = worker.whenIdle();
    expect(await isPendingAfter(idle, 60)).to.equal(true);
    gate.open();
    await idle;
    expect(totals(server)).to.deep.equal([1]);
  });

  it('does not resolve while the worker has lost its partitions and not claimed them again', async () => {
    const gate = createGate();
    let isCutOff = false;
    const store = deliveryStoreWith((inner) => ({
      beat: (beat) => (isCutOff ? Promise.reject(new Error('cut off')) : inner.beat(beat)),
      async claim(lease) {
        await gate.pass();
        return inner.claim(lease);
      },
    }));
    const { guarded, call, work } = await openDeliveries({ store });
    const [endpoint] = await call(condition, durable);
    const worker = await work({ leaseMs: shortLeaseMs });
    await worker.whenIdle();
    gate.hold();
    isCutOff = true;
    await until(() => !worker.health().healthy);
    isCutOff = false;
    await until(() => worker.health().partitions.length === 0);
    await guarded.append('order-1', [placed(1)]);
    const idle = worker.whenIdle();
    expect(await isPendingAfter(idle, 60)).to.equal(true);
    gate.open();
    await idle;
    expect(totals(endpoint?.server ?? expect.fail())).to.deep.equal([1]);
  });

  it('rejects with the reason of its signal, and resolves once the worker is stopped', async () => {
    const { guarded, call, work } = await openDeliveries();
    await call(condition, { ...durable, script: 'never' });
    const worker = await work({ drainMs: 0 });
    await guarded.append('order-1', [placed(1)]);
    const reason = new Error('no longer of interest');
    const leaving = new AbortController();
    const idle = worker.whenIdle({ signal: leaving.signal });
    leaving.abort(reason);
    expect(await idle.catch((error: unknown) => error)).to.equal(reason);
    const other = worker.whenIdle();
    await worker.stop();
    await other;
  });
});

describe('the first worker of a source of its own', () => {
  it('writes down its first position before anything is appended, so that its successor begins there', async () => {
    const store = memoryDeliveryStore();
    const { work } = await openDeliveries({ source: memoryEventStore(), store });
    await (await work()).whenIdle();
    for (let partition = 0; partition < 16; partition++)
      expect(await store.state(partition), String(partition)).to.include({ position: 0n });
  });
});
