import { createDeliveries, type DeliveryReport } from '../../../src/index.js';
import { median, printRatio, ratio } from '../rounds.js';
import { addTarget, closePlaces, data, openPlaces, until, withFolder } from './places.js';
import { startReceiver } from './receiver.js';

const events = 2_000;
const everyMs = 2;

/** From the append to the answer, for the healthy target; its 99th percentile, in milliseconds, and the heap at the end. */
async function p99Beside(path: 'refuses' | 'silent' | undefined): Promise<{ p99: number; heap: number }> {
  return withFolder(async (folder) => {
    await using receiver = await startReceiver();
    const places = await openPlaces(folder, receiver.port);
    const [healthy = ''] = await addTarget(places, receiver.port, path ? ['now', path] : ['now'], 2_000);
    const appendedAt = new Map<string, number>();
    const latencies: number[] = [];
    const told = ({ outcome, targetID, eventID }: DeliveryReport): void => {
      if (outcome !== 'delivered' || targetID !== healthy) return;
      latencies.push(performance.now() - (appendedAt.get(eventID) ?? NaN));
    };
    const { actions, events: store, progress } = places;
    const deliveries = createDeliveries({ actions, store: progress, onDelivery: told });
    const worker = await deliveries.work({ drainMs: 0 });
    await until('the partitions', 20, () => worker.health().partitions.length === 16);
    const startedAt = performance.now();
    const writes: Promise<unknown>[] = [];
    for (let place = 0; place < events; place++) {
      const id = crypto.randomUUID();
      appendedAt.set(id, performance.now());
      writes.push(store.append(`order-${place % 200}`, [{ id, type: 'order.placed', data }]));
      const early = place * everyMs - (performance.now() - startedAt);
      if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    }
    await Promise.all(writes);
    await until('what the healthy target is to be sent', 60, () => latencies.length >= events);
    globalThis.gc?.();
    const heap = process.memoryUsage().heapUsed;
    await worker.stop();
    await closePlaces(places);
    latencies.sort((left, right) => left - right);
    return { p99: latencies[Math.floor(events * 0.99)] ?? NaN, heap };
  });
}

/** A healthy target beside one that is down from the beginning to the end, against the same without it; an identical pair as noise. */
export async function benchBeside(rounds: number): Promise<void> {
  const contenders = [
    ['alone', undefined],
    ['identical', undefined],
    ['beside one that refuses', 'refuses'],
    ['beside one that is silent', 'silent'],
  ] as const;
  const p99 = new Map(contenders.map(([name]): [string, number[]] => [name, []]));
  const heaps = new Map(contenders.map(([name]): [string, number[]] => [name, []]));
  for (let round = -1; round < rounds; round++)
    for (const [name, path] of round % 2 === 0 ? contenders : [...contenders].reverse()) {
      const measured = await p99Beside(path);
      if (round < 0) continue;
      p99.get(name)?.push(measured.p99);
      heaps.get(name)?.push(measured.heap);
    }
  console.log(`a healthy target, ${1_000 / everyMs} events/s: from the append to the answer, p99`);
  for (const [name] of contenders) {
    const heap = median(heaps.get(name) ?? []) / 1_048_576;
    console.log(
      `  ${name.padEnd(26)} ${median(p99.get(name) ?? []).toFixed(1)} ms, heap ${heap.toFixed(1)} MiB`,
    );
  }
  for (const [name] of contenders.slice(1)) printRatio(p99, name, 'alone', '(aim at most 1.2)');
  const heapOf = (name: string) => ratio(heaps, name, 'alone').median.toFixed(2);
  console.log(
    `  heap against alone: ${contenders
      .slice(1)
      .map(([name]) => `${name} ${heapOf(name)}`)
      .join(', ')}`,
  );
}
