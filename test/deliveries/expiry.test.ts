import { expect } from 'chai';
import { memoryEventStore, type EventData } from '../../src/index.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { totals } from './received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });

describe('events that are older than expireMs when they would be sent', () => {
  it('become dead letters without a call while later events are delivered, and a replay sends the dead letters', async () => {
    let age = 7_200_000;
    const eventStore = memoryEventStore({ now: () => Date.now() - age });
    const { guarded, call, work, deliveries, told } = await openDeliveries({}, { eventStore });
    const [endpoint] = await call({ event: { group: 'order' } }, durable);
    const server = endpoint?.server ?? expect.fail();
    await guarded.append('order-1', [placed(1), placed(2)]);
    age = 0;
    await guarded.append('order-1', [placed(3)]);
    const worker = await work({ expireMs: 3_600_000 });
    await worker.whenIdle();
    expect(totals(server)).to.deep.equal([3]);
    expect(told.map(({ outcome, reason, attempt }) => [outcome, reason, attempt])).to.deep.equal([
      ['parked', 'expired', 0],
      ['parked', 'expired', 0],
      ['delivered', undefined, 1],
    ]);
    await deliveries.replay({ targetID: endpoint?.id ?? '', reason: 'expired' });
    await server.whenReceived(3);
    await worker.whenIdle();
    expect(totals(server)).to.deep.equal([3, 1, 2]);
    expect((await deliveries.list()).items).to.deep.equal([]);
  });

  it('are replayed in the order of their stream, in any order of the given ids', async () => {
    const eventStore = memoryEventStore({ now: () => Date.now() - 7_200_000 });
    const { guarded, call, work, deliveries } = await openDeliveries({}, { eventStore });
    const [endpoint] = await call({ event: { group: 'order' } }, durable);
    const totalsAsked = Array.from({ length: 12 }, (_, place) => place);
    await guarded.append('order-1', totalsAsked.map(placed));
    const worker = await work({ expireMs: 3_600_000 });
    await worker.whenIdle();
    await deliveries.replay({ targetID: endpoint?.id ?? '' });
    await endpoint?.server.whenReceived(12);
    await worker.whenIdle();
    expect(totals(endpoint?.server ?? expect.fail())).to.deep.equal(totalsAsked);
  });

  it('block their stream where the order is strict, until the dead letters are discarded', async () => {
    let age = 7_200_000;
    const eventStore = memoryEventStore({ now: () => Date.now() - age });
    const { guarded, call, work, deliveries } = await openDeliveries({}, { eventStore });
    const [endpoint] = await call({ event: { group: 'order' } }, { ...durable, order: 'strict' });
    const server = endpoint?.server ?? expect.fail();
    await guarded.append('order-1', [placed(1)]);
    age = 0;
    await guarded.append('order-1', [placed(2)]);
    const worker = await work({ expireMs: 3_600_000 });
    await worker.whenIdle();
    expect(totals(server)).to.deep.equal([]);
    await deliveries.discard({ targetID: endpoint?.id ?? '', reason: 'expired' });
    await server.whenReceived(1);
    await worker.whenIdle();
    expect(totals(server)).to.deep.equal([2]);
  });
});
