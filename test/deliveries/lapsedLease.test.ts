import { expect } from 'chai';
import {
  EventStoreUnavailableError,
  memoryDeliveryStore,
  type DeliveryStore,
  type DeliveryWorker,
} from '../../src/index.js';
import { durable, openDeliveries, shortLeaseMs } from './openDeliveries.js';
import { until } from '../support/conditions.js';

const isWell = (worker: DeliveryWorker): boolean => {
  const { healthy, store } = worker.health();
  return healthy && store === 'ok';
};

describe('a worker whose beats are not kept', () => {
  it('is not healthy once its lease has ended, though its commits would be kept, and goes on after the next beat', async () => {
    let isRefused = false;
    const inner = memoryDeliveryStore();
    const store: DeliveryStore = {
      ...inner,
      beat: (beat) =>
        isRefused ? Promise.reject(new EventStoreUnavailableError('locked')) : inner.beat(beat),
    };
    const { guarded, call, work } = await openDeliveries({ store });
    const [endpoint] = await call({ event: { all: true } }, durable);
    const worker = await work({ leaseMs: shortLeaseMs });
    await worker.whenIdle();
    await until(() => isWell(worker));
    isRefused = true;
    // A machine that stalls ends the lease too, for a moment and without an error.
    await until(() => worker.health().stuck?.includes('renewing the lease failed: locked') === true);
    expect(worker.health()).to.include({ healthy: false, store: 'failing' });
    await guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
    expect(endpoint?.server.received).to.have.lengthOf(0);
    isRefused = false;
    await endpoint?.server.whenReceived(1);
    await worker.whenIdle();
    await until(() => isWell(worker));
  });

  for (const method of ['beat', 'workers', 'claim'] as const)
    it(`is not healthy while the worker gets no partition, because ${method} of the store fails`, async () => {
      let isRefused = true;
      const inner = memoryDeliveryStore();
      const store: DeliveryStore = {
        ...inner,
        [method]: (given: never) =>
          isRefused ? Promise.reject(new EventStoreUnavailableError('locked')) : inner[method](given),
      };
      const { work } = await openDeliveries({ store });
      const worker = await work({ leaseMs: shortLeaseMs });
      await until(() => worker.health().stuck?.includes('failed: locked') === true);
      expect(worker.health()).to.include({ healthy: false, store: 'failing' });
      expect(worker.health().partitions).to.deep.equal([]);
      isRefused = false;
      await worker.whenIdle();
      await until(() => isWell(worker));
    });
});
