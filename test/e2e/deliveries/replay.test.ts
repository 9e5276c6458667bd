import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { placeOrders, placedOf, type PlacedOrders } from './placed.js';
import { startWorkerProcess } from './workers.js';
import { until } from '../../support/conditions.js';

/** The time limit for many events or a restart of a server. Milliseconds. */
const patienceMs = 100_000;

/** Fewer events on a double, which needs more time for each event and for each starting worker. */
const sizes = {
  sqlite: { count: 60, streams: 6, killedAfter: [3, 10, 18], period: { from: 11, to: 51 } },
  double: { count: 24, streams: 4, killedAfter: [2, 6], period: { from: 5, to: 21 } },
} as const;

/** Waits until each order was sent and the store of progress has no waiting delivery. */
async function settled(
  { deliveries, server }: PlacedOrders,
  count: number,
  deadLetters: number,
): Promise<void> {
  const isSettled = async (): Promise<boolean> => {
    const sent = new Set(server.received.map((call) => placedOf(call).total));
    if (sent.size < count) return false;
    const status = await deliveries.status();
    const lanes = status.partitions.reduce((sum, partition) => sum + partition.lanes, 0);
    const isLive = status.targets.every(({ state }) => state === 'live');
    return status.deadLetters === deadLetters && lanes === 0 && isLive;
  };
  const end = performance.now() + patienceMs;
  while (!(await isSettled())) {
    if (performance.now() > end) throw new Error('the orders are not settled in time');
    await sleep(50);
  }
}

describe('a replay during which workers are killed', () => {
  for (const kind of ['sqlite', 'double'] as const)
    it(`of dead letters sends each dead letter, on ${kind}`, async () => {
      const { killedAfter, count, streams } = sizes[kind];
      const size = { count, streams };
      const refused = size.count / 2;
      let isMended = false;
      const orders = await placeOrders(
        ({ body }) => {
          const isRefused = !isMended && (JSON.parse(body) as { sequence: number }).sequence % 2 === 0;
          return { status: isRefused ? 400 : 200, delayMs: 20 };
        },
        { ...size, kind },
      );
      const { location, server, deliveries, targetID } = orders;
      const first = await startWorkerProcess(location, server.port);
      await first.works;
      await settled(orders, size.count, refused);

      isMended = true;
      expect(await deliveries.replay({ targetID })).to.deep.equal({ deadLetters: refused });
      let worker = first;
      for (const calls of killedAfter) {
        const replayed = () => server.received.map(placedOf).filter(({ isReplay }) => isReplay).length;
        await until(() => replayed() >= calls, patienceMs);
        await worker.kill();
        worker = await startWorkerProcess(location, server.port);
      }
      await settled(orders, size.count, 0);
      const replayed = server.received.map(placedOf).filter(({ isReplay }) => isReplay);
      const places = new Set(replayed.map(({ stream, version }) => `${stream} ${version}`));
      expect(places.size).to.equal(refused);
      expect(replayed.every(({ version }) => version % 2 === 0)).to.equal(true);
    }).timeout(300_000);

  for (const kind of ['sqlite', 'double'] as const)
    it(`of a period sends each event of the period, and no other event, on ${kind}`, async () => {
      const { killedAfter, period, ...size } = sizes[kind];
      const orders = await placeOrders({ delayMs: 20 }, { ...size, kind });
      const { location, server, store, deliveries, targetID } = orders;
      const first = await startWorkerProcess(location, server.port);
      await first.works;
      await settled(orders, size.count, 0);
      expect(server.received.length).to.be.at.least(size.count);

      const positions = new Map<number, bigint>();
      for (let each = 0; each < size.streams; each++)
        for await (const { data, position } of store.readStream(`order-${each}`))
          positions.set((data as unknown as { total: number }).total, position);
      const [from = 0n, to = 0n] = [positions.get(period.from), positions.get(period.to)];
      await deliveries.replay({ targetID, from, to });
      const sent = () => {
        const totals = server.received.map(placedOf).filter(({ isReplay }) => isReplay);
        return totals.map(({ total }) => total);
      };
      let worker = first;
      for (const calls of killedAfter) {
        await until(() => sent().length >= calls, patienceMs);
        await worker.kill();
        worker = await startWorkerProcess(location, server.port);
      }
      const wanted = Array.from({ length: period.to - period.from }, (_, place) => place + period.from);
      const different = () => [...new Set(sent())].sort((left, right) => left - right);
      await until(() => different().length >= wanted.length, patienceMs);
      await settled(orders, size.count, 0);
      expect(different()).to.deep.equal(wanted);
    }).timeout(300_000);
});
