import { expect } from 'chai';
import type { EventData } from '../../src/index.js';
import { until } from '../support/conditions.js';
import { createGate, storeWithGates } from './gate.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { totals } from './received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;

/** A lane of at most three events in memory, four appended: the fourth is read again from the stream. */
async function openGated() {
  const { store, before, after } = storeWithGates();
  const answers = createGate();
  const opened = await openDeliveries({}, { eventStore: store });
  const script = async () => {
    await answers.pass();
    return {};
  };
  const [endpoint] = await opened.call(condition, { ...durable, script });
  const worker = await opened.work({ depth: 3 });
  /** Waits until the main reader has passed the event. */
  const append = async (...events: readonly number[]): Promise<void> => {
    for (const total of events) await store.append('order-1', [placed(total)]);
    const head = (await store.head?.()) ?? 0n;
    await until(() => (worker.health().position ?? 0n) >= head);
  };
  answers.hold();
  await append(1, 2, 3, 4);
  return { before, after, answers, worker, append, server: endpoint?.server ?? expect.fail('no target') };
}

describe('a lane that reads its stream again', () => {
  it('does not close before it has sent an event that was appended after its read and passed by the reader', async () => {
    const { after, answers, worker, append, server } = await openGated();
    after.hold();
    answers.open();
    await until(() => after.waiting() === 1);
    await append(5);
    after.open();
    await worker.whenIdle();
    expect(totals(server)).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('keeps the events that the reader passed while the lane was reading', async () => {
    const { before, answers, worker, append, server } = await openGated();
    before.hold();
    answers.open();
    await until(() => before.waiting() === 1);
    await append(5);
    before.open();
    await worker.whenIdle();
    expect(totals(server)).to.deep.equal([1, 2, 3, 4, 5]);
  });
});
