import { expect } from 'chai';
import { memoryEventStore, type DeliverySource, type EventStore } from '../../src/index.js';
import { until } from '../support/conditions.js';
import { durable, openDeliveries, shortLeaseMs } from './openDeliveries.js';

const never = <Result>(): Promise<Result> => new Promise(() => undefined);

/** A store whose `head` hangs while `isHanging`. */
function storeWithHead() {
  const inner = memoryEventStore();
  const state = { isHanging: true, asked: 0 };
  const store: EventStore = {
    ...inner,
    async head() {
      state.asked += 1;
      return state.isHanging ? never() : inner.head();
    },
  };
  return { store, state, inner };
}

const order = { type: 'order.placed', data: {} };

describe('a source whose head does not answer', () => {
  it('keeps a worker from claiming until it answers, and health says so', async () => {
    const { store: source, state, inner } = storeWithHead();
    const { call, work } = await openDeliveries({ source });
    const [endpoint] = await call({ event: { all: true } }, { ...durable, deliverFrom: 'beginning' });
    const worker = await work({ leaseMs: shortLeaseMs });
    await until(() => worker.health().stuck !== undefined);
    expect(worker.health()).to.include({ healthy: false });
    expect(worker.health().stuck).to.include('head of the event store has not answered within 1000 ms');
    expect(worker.health().partitions).to.deep.equal([]);
    await until(() => state.asked >= 3);
    state.isHanging = false;
    await worker.whenIdle();
    await inner.append('order-1', [order]);
    await endpoint?.server.whenReceived(1);
    await worker.whenIdle();
    await until(() => worker.health().healthy);
  });

  it('keeps no worker from stopping', async () => {
    const { store: source, state } = storeWithHead();
    const { deliveryStore, work } = await openDeliveries({ source });
    const worker = await work({ leaseMs: 600_000, drainMs: 100 });
    await until(() => state.asked > 0);
    await worker.stop();
    expect(await deliveryStore.workers()).to.deep.equal([]);
  });

  it('is read again where it is the store of targets of another source', async () => {
    const { store: eventStore, state } = storeWithHead();
    state.isHanging = false;
    const source = memoryEventStore();
    const { call, work } = await openDeliveries({ source }, { eventStore });
    const [endpoint] = await call({ event: { all: true } }, durable);
    state.isHanging = true;
    const worker = await work({ leaseMs: shortLeaseMs });
    await until(() => worker.health().stuck !== undefined);
    expect(worker.health().stuck).to.include('head of the event store has not answered within 1000 ms');
    state.isHanging = false;
    await worker.whenIdle();
    await source.append('order-1', [order]);
    await endpoint?.server.whenReceived(1);
    await worker.whenIdle();
    await until(() => worker.health().healthy);
  });
});

describe('a source whose readStream does not end', () => {
  it('keeps no worker from stopping, though the source takes no notice of signals', async () => {
    const inner = memoryEventStore();
    let isHanging = false;
    let reads = 0;
    const source: DeliverySource = {
      subscribe: inner.subscribe,
      readStream(...given) {
        if (!isHanging) return inner.readStream(...given);
        reads += 1;
        return { [Symbol.asyncIterator]: () => ({ next: () => never() }) };
      },
    };
    const { call, work, deliveryStore } = await openDeliveries({ source });
    const [endpoint] = await call({ event: { all: true } }, { ...durable, script: { status: 503 } });
    const worker = await work({ drainMs: 100, depth: 1 });
    await worker.whenIdle();
    isHanging = true;
    for (let count = 0; count < 3; count++) await inner.append('order-1', [order]);
    await endpoint?.server.whenReceived(1);
    await until(() => reads > 0);
    await worker.stop();
    expect(await deliveryStore.workers()).to.deep.equal([]);
  });
});
