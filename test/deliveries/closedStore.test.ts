import { expect } from 'chai';
import { EventStoreUnavailableError, memoryDeliveryStore, type DeliveryStore } from '../../src/index.js';
import { sqliteDeliveryStore } from '../../src/stores/sqlite/index.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { closeAfterTest } from '../support/closings.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { until } from '../support/conditions.js';

/** So long that no periodic commit is due before the worker stops, which by default waits up to 15 s for one. */
const options = { commitMs: 3_600_000, drainMs: 10_000 } as const;

describe('a worker whose delivery store is closed before it', () => {
  it('stops at once, since the closed store keeps nothing', async () => {
    const folder = temporaryFolder();
    closeAfterTest(folder.remove);
    const store = sqliteDeliveryStore({ path: folder.file('deliveries.db') });
    const { guarded, call, work } = await openDeliveries({ store });
    const [endpoint] = await call({ event: { all: true } }, durable);
    const worker = await work(options);
    await guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
    await endpoint?.server.whenReceived(1);
    await store.close();
    await worker.stop();
    expect(worker.health().partitions).to.deep.equal([]);
  });

  it('stops at once also while the worker waits for a commit to be repeated', async () => {
    let repeats = 0;
    const inner = memoryDeliveryStore();
    const store: DeliveryStore = {
      ...inner,
      commit(commit) {
        if (commit.change.putLanes.length === 0) return inner.commit(commit);
        repeats++;
        return Promise.reject(new EventStoreUnavailableError('closed', { closed: true }));
      },
    };
    const { guarded, call, work } = await openDeliveries({ store });
    const [endpoint] = await call({ event: { all: true } }, { ...durable, script: { status: 500 } });
    const worker = await work({ ...options, commitMs: 20 });
    await guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
    await endpoint?.server.whenReceived(1);
    // The pause before each further try is longer.
    await until(() => repeats >= 4);
    const before = repeats;
    await worker.stop();
    expect(repeats).to.be.at.most(before + 2);
  });

  it('still waits for a store that fails but is open, and then writes its progress', async () => {
    let left = 3;
    const inner = memoryDeliveryStore();
    const store: DeliveryStore = {
      ...inner,
      commit: (commit) =>
        commit.parked.length > 0 && left-- > 0
          ? Promise.reject(new EventStoreUnavailableError('busy'))
          : inner.commit(commit),
    };
    const { guarded, call, work, deliveries } = await openDeliveries({ store });
    await call({ event: { all: true } }, { ...durable, script: { status: 400 } });
    const worker = await work({ ...options, retry: { permanentAttempts: 1 } });
    await guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
    await until(() => left !== 3);
    await worker.stop();
    expect((await deliveries.list()).items).to.have.lengthOf(1);
  });
});
