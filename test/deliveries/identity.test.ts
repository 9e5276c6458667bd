import { expect } from 'chai';
import { eventDeliveryStore, memoryEventStore, type EventData } from '../../src/index.js';
import { durable, openDeliveries, shortLeaseMs } from './openDeliveries.js';
import { totals } from './received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });

describe('the identity of a delivery', () => {
  it('stays the same while executions change between its attempts', async () => {
    const { actions, guarded, call, add, work } = await openDeliveries();
    const [endpoint] = await call({ event: { group: 'order' } }, { ...durable, script: { status: 500 } });
    const server = endpoint?.server ?? expect.fail();
    const other = await add(durable);
    const worker = await work();
    await guarded.append('order-1', [placed(1)]);
    await server.whenReceived(2);
    // Another execution wins, and the target stands at another place of its list.
    await actions.executions.set({ event: { event: 'order.placed' } }, [other.id, endpoint?.id ?? '']);
    await server.whenReceived(server.received.length + 2);
    server.answer({});
    await worker.whenIdle();
    expect(new Set(server.received.map(({ headers }) => headers['webhook-id'])).size).to.equal(1);
    expect(server.received.length).to.be.at.least(5);
  });

  it('is never an event of the library, whose progress would otherwise be delivered without an end', async () => {
    const eventStore = memoryEventStore();
    const { guarded, call, work } = await openDeliveries(
      { store: eventDeliveryStore(eventStore, { group: 'test' }) },
      { eventStore },
    );
    const [endpoint] = await call({ event: { all: true } }, durable);
    const worker = await work({ commitMs: 10, leaseMs: shortLeaseMs });
    for (let total = 0; total < 5; total++) {
      await guarded.append('order-1', [placed(total)]);
      await endpoint?.server.whenReceived(total + 1);
    }
    await worker.whenIdle();
    await worker.stop();
    // Compares a set: a lease that ends on a busy machine sends an event again.
    expect([...new Set(totals(endpoint?.server ?? expect.fail()))]).to.deep.equal([0, 1, 2, 3, 4]);
  });
});
