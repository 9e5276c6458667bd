import { expect } from 'chai';
import type { EventData } from '../../src/index.js';
import { durable, openDeliveries } from './openDeliveries.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;

describe('a paused target', () => {
  for (const storeKind of ['memory', 'sqlite'])
    it(`is sent no event that is appended after the pause (${storeKind})`, async () => {
      const { actions, store, call, work } = await openDeliveries({}, { storeKind });
      const [endpoint] = await call(condition, durable);
      const server = endpoint?.server ?? expect.fail();
      const worker = await work();
      for (let round = 1; round <= 5; round++) {
        await worker.whenIdle();
        await actions.targets.change(endpoint?.id ?? '', { paused: true });
        for (let total = 0; total < 10; total++) await store.append(`order-${total}`, [placed(total)]);
        await worker.whenIdle();
        expect(server.received).to.have.lengthOf((round - 1) * 10);
        await actions.targets.change(endpoint?.id ?? '', { paused: false });
        await server.whenReceived(round * 10);
      }
    });
});
