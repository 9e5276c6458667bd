import { createDeliveries } from '../../../src/index.js';
import { addTarget, closePlaces, openPlaces, until, withFolder } from './places.js';
import { startReceiver } from './receiver.js';

const never = { attempts: 1_000_000, permanentAttempts: 1_000_000, firstDelayMs: 3_600_000 } as const;

/** CPU time of this process so far. */
function cpu(): string {
  const { user, system } = process.cpuUsage();
  return `${((user + system) / 1e6).toFixed(0)} s`;
}

/** The healthy target gets one event of this many. */
const sampled = 10;

const shown = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;

/**
 * Measures the heap over many streams, at each tenth of the way. Each stream has an event that one target refuses
 * permanently and that another, which is down, cannot take. A healthy target gets every tenth event, which shows how
 * far the log is read; with all events the figure would measure the calls.
 */
export async function benchMillion(streams: number): Promise<void> {
  await withFolder(async (folder) => {
    await using receiver = await startReceiver();
    const places = await openPlaces(folder, receiver.port);
    const [healthy = '', poison = '', refuses = ''] = await addTarget(places, receiver.port, [
      'now',
      'poison',
      'refuses',
    ]);
    await places.actions.executions.set({ event: { event: 'order.placed' } }, [poison, refuses]);
    const startedAt = performance.now();
    // Large batches, since the appends are not measured.
    const batch = 20_000;
    for (let first = 0; first < streams; first += batch)
      await Promise.all(
        Array.from({ length: Math.min(batch, streams - first) }, (_, place) =>
          places.events.append(`order-${first + place}`, [
            { type: place % sampled === 0 ? 'order.sampled' : 'order.placed', data: { place } },
          ]),
        ),
      );
    console.log(`${streams} streams, appended in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
    let delivered = 0;
    const deliveries = createDeliveries({
      actions: places.actions,
      store: places.progress,
      onDelivery({ outcome, targetID }) {
        if (outcome === 'delivered' && targetID === healthy) delivered++;
      },
    });
    const worker = await deliveries.work({ retry: never, drainMs: 0 });
    const heaps: number[] = [];
    for (let part = 1; part <= 10; part++) {
      const wanted = Math.floor((streams / sampled) * (part / 10));
      await until('the healthy target', 600, () => delivered >= wanted);
      globalThis.gc?.();
      heaps.push(process.memoryUsage().heapUsed);
      const lanes = worker.health().targets;
      const of = (id: string) => lanes.find(({ targetID }) => targetID === id);
      console.log(
        `  ${wanted * sampled} streams read, ${wanted} of them delivered, after ${((performance.now() - startedAt) / 1_000).toFixed(0)} s: ${cpu()} of processor: heap ${shown(heaps.at(-1) ?? 0)}, ` +
          `lanes of the one that refuses each ${of(poison)?.lanes} (${of(poison)?.state}), of the one that is down ${of(refuses)?.lanes} (${of(refuses)?.state})`,
      );
    }
    const [first = NaN] = heaps;
    console.log(
      `  heap at the end against a tenth of the way: ${((heaps.at(-1) ?? NaN) / first).toFixed(2)} (aim: flat)`,
    );
    await worker.stop();
    await closePlaces(places);
  });
}
