import { cpus, loadavg } from 'node:os';
import { addTarget, appendOrders, closePlaces, openPlaces, until, withFolder } from './places.js';
import { startReceiver } from './receiver.js';
import { startWorkerProcess, type WorkerProcess } from './workerProcess.js';

/**
 * The calls at once of one worker: so few that four workers and the receiver do not fill the processor. On a full
 * processor more workers deliver no more, and the figure would measure the number of cores.
 */
const perTarget = 4;
const measuredMs = 4_000;

/** Deliveries a second of `count` workers to a target that takes 20 ms, once each worker has its partitions. */
async function rateOf(count: number): Promise<number> {
  return withFolder(async (folder) => {
    await using receiver = await startReceiver();
    const places = await openPlaces(folder, receiver.port);
    await addTarget(places, receiver.port, ['later']);
    const workers: WorkerProcess[] = [];
    try {
      for (let place = 0; place < count; place++)
        workers.push(await startWorkerProcess(folder, receiver.port, { perTarget }));
      await until('an even share of the partitions', 60, async () => {
        const owned = await Promise.all(workers.map((worker) => worker.partitions()));
        return owned.every(({ length }) => length === 16 / count);
      });
      await appendOrders(places.events, count * 6_000, 2_000);
      const before = await receiver.taken();
      const startedAt = performance.now();
      await new Promise((resolve) => setTimeout(resolve, measuredMs));
      const done = (await receiver.taken()) - before;
      const seconds = (performance.now() - startedAt) / 1_000;
      return done / seconds;
    } finally {
      for (const worker of workers) await worker[Symbol.asyncDispose]();
      await closePlaces(places);
    }
  });
}

/** One, two and four workers: each has 4 calls of 20 ms at once. */
export async function benchScale(): Promise<void> {
  const [load = NaN] = loadavg();
  console.log(
    `workers on a target that takes 20 ms, ${perTarget} calls at once each; ${cpus().length} cores, load ${load.toFixed(1)}`,
  );
  const one = await rateOf(1);
  console.log(
    `  1 worker   ${one.toFixed(0)} deliveries/s, ${(one / (perTarget * 50)).toFixed(2)} of what 20 ms allow`,
  );
  for (const count of [2, 4]) {
    const rate = await rateOf(count);
    console.log(
      `  ${count} workers  ${rate.toFixed(0)} deliveries/s, ${(rate / (count * one)).toFixed(3)} of linear (aim 0.9)`,
    );
  }
}
