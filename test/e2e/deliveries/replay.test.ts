import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { placeOrders, placedOf, type PlacedOrders } from './placed.js';
import { startWorkerProcess } from './workers.js';
import { until } from '../../support/conditions.js';

/** For what many events or a restart of a server take. Milliseconds. */
const patienceMs = 100_000;

const events = { count: 60, streams: 6 };

/** Until everything was read and nothing waits, as the store of progress tells. */
async function settled({ deliveries, store }: PlacedOrders, deadLetters: number): Promise<void> {
  const head = (await store.head?.()) ?? 0n;
  for (;;) {
    const status = await deliveries.status();
    const lanes = status.partitions.reduce((sum, partition) => sum + partition.lanes, 0);
    const isLive = status.targets.every(({ state }) => state === 'live');
    const isRead = status.partitions.every(({ position = 0n }) => position >= head);
    if (isRead && status.deadLetters === deadLetters && lanes === 0 && isLive) return;
    await sleep(50);
  }
}

describe('a replay during which workers are killed', () => {
  it('of dead letters sends each dead letter', async () => {
    let isMended = false;
    const orders = await placeOrders(({ body }) => {
      const isRefused = !isMended && (JSON.parse(body) as { sequence: number }).sequence % 2 === 0;
      return { status: isRefused ? 400 : 200, delayMs: 20 };
    }, events);
    const { location, server, deliveries, targetID } = orders;
    const first = startWorkerProcess(location, server.port);
    await first.works;
    await settled(orders, 30);

    isMended = true;
    expect(await deliveries.replay({ targetID })).to.deep.equal({ deadLetters: 30 });
    let worker = first;
    for (const calls of [3, 10, 18]) {
      const replayed = () => server.received.map(placedOf).filter(({ isReplay }) => isReplay).length;
      await until(() => replayed() >= calls, patienceMs);
      await worker.kill();
      worker = startWorkerProcess(location, server.port);
    }
    await settled(orders, 0);
    const replayed = server.received.map(placedOf).filter(({ isReplay }) => isReplay);
    const places = new Set(replayed.map(({ stream, version }) => `${stream} ${version}`));
    expect(places.size).to.equal(30);
    expect(replayed.every(({ version }) => version % 2 === 0)).to.equal(true);
  }).timeout(300_000);

  it('of a period sends each event of the period, and no other event', async () => {
    const orders = await placeOrders({ delayMs: 20 }, events);
    const { location, server, store, deliveries, targetID } = orders;
    const first = startWorkerProcess(location, server.port);
    await first.works;
    await settled(orders, 0);
    expect(server.received.length).to.be.at.least(events.count);

    const positions = new Map<number, bigint>();
    for (let each = 0; each < events.streams; each++)
      for await (const { data, position } of store.readStream(`order-${each}`))
        positions.set((data as unknown as { total: number }).total, position);
    const [from = 0n, to = 0n] = [positions.get(11), positions.get(51)];
    await deliveries.replay({ targetID, from, to });
    let worker = first;
    for (const calls of [3, 12, 25]) {
      const replayed = () => server.received.map(placedOf).filter(({ isReplay }) => isReplay).length;
      await until(() => replayed() >= calls, patienceMs);
      await worker.kill();
      worker = startWorkerProcess(location, server.port);
    }
    const wanted = Array.from({ length: 40 }, (_, place) => place + 11);
    const sent = () => {
      const totals = server.received.map(placedOf).filter(({ isReplay }) => isReplay);
      return [...new Set(totals.map(({ total }) => total))].sort((left, right) => left - right);
    };
    await until(() => sent().length >= wanted.length, patienceMs);
    await settled(orders, 0);
    expect(sent()).to.deep.equal(wanted);
  }).timeout(300_000);
});
