import { expect } from 'chai';
import { memoryEventStore, type EventData, type EventStore } from '../../src/index.js';
import { createConditions } from '../support/conditions.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { versionsByStream } from './received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;
const counts = { streams: 20, events: 600 };

/**
 * Targets of which the slow ones answer one call for every four that the healthy one is sent, however fast the
 * machine is.
 */
function slowPace() {
  const { until, changed } = createConditions();
  let [sent, asked] = [0, 0];
  return {
    slow: {
      timeoutMs: 120_000,
      async script() {
        const turn = ++asked;
        await until(() => sent >= turn * 4);
        return {};
      },
    },
    healthy() {
      sent++;
      changed();
      return {};
    },
  };
}

describe('a healthy target', () => {
  it('is sent everything while another target never answers, and the events of that target are read again later', async () => {
    const { guarded, call, work } = await openDeliveries();
    const [silent, healthy] = await call(
      condition,
      { ...durable, script: 'never', timeoutMs: 120_000 },
      durable,
    );
    const worker = await work({ window: 64, drainMs: 0 });
    for (let total = 0; total < counts.events; total++)
      await guarded.append(`order-${total % counts.streams}`, [placed(total)]);
    // No call of the silent target has ended by then.
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

  it('catches up while other late targets never answer, however few events are read at once', async () => {
    const { guarded, call, work } = await openDeliveries();
    const behind = { ...durable, deliverFrom: 'beginning' } as const;
    for (let total = 0; total < 200; total++) await guarded.append(`order-${total}`, [placed(total)]);
    const silent = { ...behind, script: 'never', timeoutMs: 120_000 } as const;
    const [first, second, healthy] = await call(condition, silent, silent, behind);
    const worker = await work({ readers: 1, window: 32, drainMs: 0 });
    await healthy?.server.whenReceived(200);
    for (const { server } of [first ?? expect.fail(), second ?? expect.fail()]) {
      expect(server.received.length).to.be.at.most(16);
      server.answer({});
      server.dropConnections();
    }
    await worker.stop();
    const again = await work();
    await again.whenIdle();
    for (const server of [first?.server, second?.server])
      expect(new Set(server && [...versionsByStream(server).keys()])).to.have.property('size', 200);
  });

  it('does not have its events read again one by one while a backlog lasts', async () => {
    let reads = 0;
    const inner = memoryEventStore();
    const source: EventStore = {
      ...inner,
      readStream(stream, options) {
        if (stream.startsWith('order-')) reads++;
        return inner.readStream(stream, options);
      },
    };
    const { call, work } = await openDeliveries({ source });
    const [silent, healthy] = await call(
      condition,
      { ...durable, deliverFrom: 'beginning', script: 'never', timeoutMs: 120_000 },
      { ...durable, deliverFrom: 'beginning' },
    );
    for (let total = 0; total < 600; total++) await inner.append(`order-${total}`, [placed(total)]);
    await work({ window: 64, drainMs: 0 });
    await healthy?.server.whenReceived(600);
    expect(reads).to.be.lessThan(300);
    silent?.server.dropConnections();
  });

  it('does not have its events read again while a backlog lasts, after it was slow for a moment and while another target is down', async () => {
    let reads = 0;
    const inner = memoryEventStore();
    const eventStore: EventStore = {
      ...inner,
      readStream(stream, options) {
        if (stream.startsWith('order-')) reads++;
        return inner.readStream(stream, options);
      },
    };
    const { call, work } = await openDeliveries({}, { eventStore });
    const [, healthy] = await call(
      condition,
      { ...durable, script: { status: 500 } },
      { ...durable, script: { delayMs: 400 } },
    );
    for (let total = 0; total < 6_000; total++) await eventStore.append(`order-${total}`, [placed(total)]);
    await work({ window: 64, drainMs: 0, coldLanes: 100, probeMs: 60_000, retry: { firstDelayMs: 600_000 } });
    await healthy?.server.whenReceived(48);
    healthy?.server.answer({});
    await healthy?.server.whenReceived(6_000);
    expect(reads).to.be.lessThan(2_600);
  });

  it('is sent all events at its own pace beside a slow target that takes most of a reader', async () => {
    const { guarded, call, work } = await openDeliveries();
    const pace = slowPace();
    const [, healthy] = await call(
      condition,
      { ...durable, ...pace.slow },
      { ...durable, script: pace.healthy },
    );
    await work({ window: 64, drainMs: 0 });
    for (let total = 0; total < 1_000; total++) await guarded.append(`order-${total}`, [placed(total)]);
    // At the pace of the slow one it would be sent no more than the window beyond what the slow one has answered.
    await healthy?.server.whenReceived(1_000);
  });

  it('catches up beside more slow targets than there are readers', async () => {
    const { guarded, call, work } = await openDeliveries();
    const behind = { ...durable, deliverFrom: 'beginning' } as const;
    for (let total = 0; total < 600; total++) await guarded.append(`order-${total}`, [placed(total)]);
    const pace = slowPace();
    const slow = { ...behind, ...pace.slow };
    const [, , healthy] = await call(condition, slow, slow, { ...behind, script: pace.healthy });
    await work({ readers: 1, window: 32, drainMs: 0 });
    await healthy?.server.whenReceived(600);
  });
});
