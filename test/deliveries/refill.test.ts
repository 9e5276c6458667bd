import { expect } from 'chai';
import type { EventData } from '../../src/index.js';
import { until } from '../support/conditions.js';
import { storeWithGates } from './gate.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { totals } from './received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;

/** A lane of one event in memory, whose first call was answered and which reads its stream again. */
async function openGated() {
  const { store, before, after } = storeWithGates();
  const opened = await openDeliveries({}, { eventStore: store });
  const [endpoint] = await opened.call(condition, durable);
  const worker = await opened.work({ depth: 1 });
  const append = async (...events: readonly number[]): Promise<void> => {
    for (const total of events) await store.append('order-1', [placed(total)]);
  };
  /** Until the main reader has passed everything that was appended. */
  const read = async (): Promise<void> => {
    const head = await store.head?.();
    await until(() => (worker.health().position ?? 0n) >= (head ?? 0n));
  };
  return { before, after, worker, append, read, server: endpoint?.server ?? expect.fail('no target') };
}

describe('a lane that reads its stream again', () => {
  it('does not close over an event that was appended after its read and passed by the reader', async () => {
    const { after, worker, append, read, server } = await openGated();
    after.hold();
    await append(1, 2);
    await until(() => after.waiting() === 1);
    await append(3);
    await read();
    after.open();
    await worker.whenIdle();
    expect(totals(server)).to.deep.equal([1, 2, 3]);
  });

  it('does not cut off what the reader passed while the read was under way', async () => {
    const { before, worker, append, read, server } = await openGated();
    before.hold();
    await append(1, 2);
    await until(() => before.waiting() === 1);
    await append(3, 4);
    await read();
    before.open();
    await worker.whenIdle();
    expect(totals(server)).to.deep.equal([1, 2, 3, 4]);
  });

  it('leaves to the reader what the reader has not passed yet', async () => {
    const { after, before, worker, append, read, server } = await openGated();
    for (let round = 0; round < 20; round++) {
      const first = round * 4;
      after.hold();
      await append(first, first + 1);
      await until(() => after.waiting() === 1 || server.received.length === first + 2);
      before.hold();
      after.open();
      await append(first + 2, first + 3);
      before.open();
      await read();
      await worker.whenIdle();
    }
    expect(totals(server)).to.deep.equal(Array.from({ length: 80 }, (_, total) => total));
  });
});
