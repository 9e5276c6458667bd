import { expect } from 'chai';
import type { EventData } from '../../src/index.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { versionsByStream } from './received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;
const counts = { streams: 20, events: 1_500 };

describe('a healthy target', () => {
  it('is sent everything while another one answers nothing, whose events are read again at their turn', async () => {
    const { guarded, call, work } = await openDeliveries();
    const [silent, healthy] = await call(
      condition,
      { ...durable, script: 'never', timeoutMs: 120_000 },
      durable,
    );
    const worker = await work({ window: 64, drainMs: 0 });
    for (let total = 0; total < counts.events; total++)
      await guarded.append(`order-${total % counts.streams}`, [placed(total)]);
    // Not one call of the silent target has ended by then.
    await healthy?.server.whenReceived(counts.events);
    const server = silent?.server ?? expect.fail();
    const held = server.received.length;
    expect(held).to.be.at.most(16);
    server.answer({});
    server.dropConnections();
    await worker.stop();
    const again = await work();
    await again.whenIdle();
    for (const [stream, versions] of versionsByStream(server))
      expect(
        versions.filter((version, place) => versions.indexOf(version) === place),
        stream,
      ).to.deep.equal(Array.from({ length: counts.events / counts.streams }, (_, version) => version));
  });
});
