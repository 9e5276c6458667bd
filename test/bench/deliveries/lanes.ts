import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createDeliveries } from '../../../src/index.js';
import { sqliteDeliveryStore } from '../../../src/stores/sqlite/index.js';
import type { Commit } from '../../../src/index.js';
import { addTarget, appendOrders, closePlaces, openPlaces, until, withFolder } from './places.js';
import { startReceiver } from './receiver.js';

const streams = 40_000;
const never = { attempts: 1_000_000, permanentAttempts: 1_000_000, firstDelayMs: 3_600_000 } as const;

const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

async function laneBytes(): Promise<void> {
  await withFolder(async (folder) => {
    await using receiver = await startReceiver();
    const places = await openPlaces(folder, receiver.port);
    await addTarget(places, receiver.port, ['poison']);
    let failed = 0;
    const deliveries = createDeliveries({
      actions: places.actions,
      store: places.progress,
      onDelivery: () => failed++,
    });
    const options = { coldLanes: 4_000, retry: never, drainMs: 0 };
    const empty = await deliveries.work(options);
    await until('the partitions', 20, () => empty.health().partitions.length === 16);
    const [heapBefore, diskBefore] = [heap(), statSync(join(folder, 'deliveries.db')).size];
    await appendOrders(places.events, streams, streams);
    await until('a failure of each stream', 120, () => failed >= streams);
    await until('the commits', 20, async () => (await deliveries.status()).targets[0]?.lanes === streams);
    const inMemory = (heap() - heapBefore) / streams;
    await empty.stop();
    await closePlaces(places);
    const onDisk = (statSync(join(folder, 'deliveries.db')).size - diskBefore) / streams;
    console.log(
      `a cold lane, of ${streams}: ${onDisk.toFixed(0)} B on disk, ${inMemory.toFixed(0)} B in memory`,
    );
  });
}

async function commitTimes(rounds: number): Promise<void> {
  await withFolder(async (folder) => {
    const store = sqliteDeliveryStore({ path: join(folder, 'deliveries.db') });
    const partitions = Array.from({ length: 16 }, (_, partition) => partition);
    for (const partition of partitions) await store.claim({ partition, workerID: 'w', epoch: 0n });
    const commit = (partition: number, position: bigint): Commit => ({
      partition,
      workerID: 'w',
      epoch: 1n,
      change: { position, putCursors: [], removeCursors: [], putLanes: [], removeLanes: [] },
      parked: [],
      removed: [],
      answered: [],
      failures: [],
    });
    let position = 0n;
    const startedAt = performance.now();
    const count = rounds * 200;
    for (let round = 0; round < count; round++) {
      position++;
      for (const partition of partitions) await store.commit(commit(partition, position));
    }
    const each = ((performance.now() - startedAt) / count / 16) * 1_000;
    console.log(`commits of a position, SQLite (NORMAL): ${each.toFixed(0)} µs for one of the 16 partitions`);
    await store.close();
  });
}

export async function benchLanes(rounds: number): Promise<void> {
  await commitTimes(rounds);
  await laneBytes();
}
