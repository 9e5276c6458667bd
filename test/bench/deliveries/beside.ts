import { createDeliveries, type DeliveryReport } from '../../../src/index.js';
import { median, printRatio } from '../rounds.js';
import { addTarget, closePlaces, data, openPlaces, until, withFolder, type Places } from './places.js';
import { startReceiver } from './receiver.js';

/** Events of a block, and the time between two of them. */
const events = 300;
const everyMs = 2;

interface Block {
  readonly p50: number;
  readonly p99: number;
  /** Processor time of this process for a delivery of the healthy target. Microseconds. */
  readonly cpu: number;
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(sorted.length * share)] ?? NaN;

/** A worker with a healthy target, alone or beside a dead one; `run` sends a block of events through it. */
async function openSide(folder: string, port: number, path: 'refuses' | 'silent' | undefined) {
  const places: Places = await openPlaces(folder, port);
  const [healthy = ''] = await addTarget(places, port, path ? ['now', path] : ['now'], 2_000);
  const appendedAt = new Map<string, number>();
  let latencies: number[] = [];
  const told = ({ outcome, targetID, eventID }: DeliveryReport): void => {
    if (outcome === 'delivered' && targetID === healthy)
      latencies.push(performance.now() - (appendedAt.get(eventID) ?? NaN));
  };
  const { actions, events: store, progress } = places;
  const deliveries = createDeliveries({ actions, store: progress, onDelivery: told });
  const worker = await deliveries.work({ drainMs: 0 });
  await until('the partitions', 20, () => worker.health().partitions.length === 16);

  async function run(): Promise<Block> {
    appendedAt.clear();
    latencies = [];
    const before = process.cpuUsage();
    const startedAt = performance.now();
    const writes: Promise<unknown>[] = [];
    for (let place = 0; place < events; place++) {
      const id = crypto.randomUUID();
      appendedAt.set(id, performance.now());
      writes.push(store.append(`order-${place % 50}`, [{ id, type: 'order.placed', data }]));
      const early = place * everyMs - (performance.now() - startedAt);
      if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    }
    await Promise.all(writes);
    await until('what the healthy target is to be sent', 60, () => latencies.length >= events);
    const { user, system } = process.cpuUsage(before);
    const sorted = latencies.toSorted((left, right) => left - right);
    return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), cpu: (user + system) / events };
  }

  return {
    run,
    async close() {
      await worker.stop();
      await closePlaces(places);
    },
  };
}

const sides = [
  ['alone', undefined],
  ['identical', undefined],
  ['beside one that refuses', 'refuses'],
  ['beside one that is silent', 'silent'],
] as const;

/**
 * A healthy target beside one that is down from the beginning to the end, against the same without it, and an
 * identical pair as noise.
 * All of them are open in one process and run in short turns, so that other load of the machine affects each of
 * them alike.
 */
export async function benchBeside(rounds: number): Promise<void> {
  const blocks = rounds * 6;
  const measured = new Map(sides.map(([name]): [string, Block[]] => [name, []]));
  await withFolders(sides.length, async (folders) => {
    await using receiver = await startReceiver();
    const opened = await Promise.all(
      sides.map(([, path], place) => openSide(folders[place] ?? '', receiver.port, path)),
    );
    const turns = sides.map(([name], place) => ({ name, side: opened[place] }));
    for (let round = -3; round < blocks; round++)
      // Each contender begins as many rounds as the others.
      for (const { name, side } of [...turns.slice(round % 4), ...turns.slice(0, round % 4)]) {
        const block = await side?.run();
        if (block && round >= 0) measured.get(name)?.push(block);
      }
    for (const side of opened) await side.close();
  });
  console.log(
    `a healthy target, ${1_000 / everyMs} events/s in ${blocks} blocks of ${events}: append to answer`,
  );
  for (const [name] of sides) {
    const of = (field: keyof Block) => median((measured.get(name) ?? []).map((block) => block[field]));
    console.log(
      `  ${name.padEnd(26)} p50 ${of('p50').toFixed(2)} ms, p99 ${of('p99').toFixed(1)} ms, ${of('cpu').toFixed(0)} us of processor a delivery`,
    );
  }
  for (const field of ['p99', 'p50', 'cpu'] as const) {
    const values = new Map([...measured].map(([name, list]) => [name, list.map((block) => block[field])]));
    console.log(`  ${field}${field === 'p99' ? ', aim at most 1.2' : ''}`);
    for (const [name] of sides.slice(1)) {
      printRatio(values, name, 'alone', '');
      const [own, alone] = [name, 'alone'].map((each) => median(values.get(each) ?? []));
      console.log(`    of the medians: ${((own ?? NaN) / (alone ?? NaN)).toFixed(2)}`);
    }
  }
}

async function withFolders(
  count: number,
  work: (folders: readonly string[]) => Promise<void>,
): Promise<void> {
  if (count === 0) return work([]);
  return withFolder((folder) => withFolders(count - 1, (others) => work([folder, ...others])));
}
