import { expect } from 'chai';
import { EventStoreUnavailableError } from '../../src/index.js';
import { until } from '../support/conditions.js';
import { createGate, deliveryStoreWith } from './gate.js';
import { openDeliveries } from './openDeliveries.js';

describe('a worker that claims its partitions', () => {
  it('claims all of them at once, so that a distant store costs the time of one claim', async () => {
    const gate = createGate();
    gate.hold();
    const store = deliveryStoreWith((inner) => ({
      async claim(given) {
        await gate.pass();
        return await inner.claim(given);
      },
    }));
    const { work } = await openDeliveries({ store });
    const working = work();
    await until(() => gate.waiting() === 16);
    gate.open();
    const worker = await working;
    await until(() => worker.health().partitions.length === 16);
  });

  it('gets the other partitions while the store refuses a claim, and that one later', async () => {
    let isRefused = true;
    const store = deliveryStoreWith((inner) => ({
      claim: (given) =>
        isRefused && given.partition === 3
          ? Promise.reject(new EventStoreUnavailableError('the stream cannot be read'))
          : inner.claim(given),
    }));
    const { work } = await openDeliveries({ store });
    const worker = await work();
    await until(() => worker.health().partitions.length === 15);
    expect(worker.health().partitions).not.to.include(3);
    await until(() => worker.health().stuck?.includes('the stream cannot be read') === true);
    expect(worker.health()).to.include({ healthy: false, store: 'failing' });
    isRefused = false;
    await until(() => worker.health().partitions.length === 16);
    await until(() => worker.health().healthy);
  });
});
