import { createActions, createDeliveries, memoryEventStore, type DeliveryStore } from '../../../src/index.js';
import { printRatio, ratio } from '../rounds.js';
import { startTargetProcess } from '../targetProcess.js';
import { addTarget, appendOrders, closePlaces, data, openPlaces, until, withFolder } from './places.js';

const calls = 6_000;
const atOnce = 32;

interface Contender {
  readonly name: string;
  /** Calls a second. */
  readonly rate: () => Promise<number>;
}

async function timed(run: () => Promise<number>): Promise<number> {
  const startedAt = performance.now();
  const done = await run();
  return (done / (performance.now() - startedAt)) * 1_000;
}

/** Counts the rows that a commit writes. */
function countingRows(inner: DeliveryStore) {
  let rows = 0;
  const store: DeliveryStore = {
    ...inner,
    commit(commit) {
      const { putLanes, removeLanes, putCursors, removeCursors } = commit.change;
      rows += 1 + putLanes.length + removeLanes.length + putCursors.length + removeCursors.length;
      return inner.commit(commit);
    },
  };
  return { store, rows: () => rows };
}

/** Deliveries, calls of the hook before an append, and bare posts: 32 at once, 1 kB of JSON, in turns of one run. */
export async function benchRate(rounds: number): Promise<void> {
  await withFolder(async (folder) => {
    await using target = await startTargetProcess();
    const places = await openPlaces(folder, target.port);
    await addTarget(places, target.port, ['now']);
    const hooked = await createActions({
      eventStore: memoryEventStore(),
      keyring: 'plaintext',
      network: { allow: [`127.0.0.1:${target.port}`] },
    });
    const policy = { name: 'policy', type: 'webhook', endpoint: target.url, interruptOnError: true } as const;
    const { id } = await hooked.targets.add(policy);
    await hooked.executions.set({ event: { all: true } }, [id]);
    const guarded = hooked.intercept(memoryEventStore());
    let delivered = 0;
    let firstAt = 0;
    let lastAt = 0;
    const counted = countingRows(places.progress);
    const deliveries = createDeliveries({
      actions: places.actions,
      store: counted.store,
      onDelivery({ outcome }) {
        if (outcome !== 'delivered') throw new Error(outcome);
        lastAt = performance.now();
        if (delivered++ === 0) firstAt = lastAt;
      },
    });
    const deliver = async (): Promise<number> => {
      await appendOrders(places.events, calls, 1_000);
      delivered = 0;
      const worker = await deliveries.work({ atOnce, perTarget: atOnce, perHost: atOnce });
      await until('the deliveries of a round', 60, () => delivered >= calls);
      await worker.stop();
      return ((calls - 1) / (lastAt - firstAt)) * 1_000;
    };
    let stream = 0;
    const hook = async (): Promise<number> => {
      let left = calls;
      const writer = async () => {
        while (left-- > 0) await guarded.append(`order-${stream++}`, [{ type: 'order.placed', data }]);
      };
      await Promise.all(Array.from({ length: atOnce }, writer));
      return calls;
    };
    const contenders: readonly Contender[] = [
      { name: 'deliveries', rate: deliver },
      { name: 'the hook', rate: () => timed(hook) },
      { name: 'node:http', rate: () => timed(() => target.postBare(data, calls, atOnce)) },
    ];
    const rates = await measureRates(contenders, rounds);
    console.log('one worker, 32 at once, 1 kB of JSON, events and progress in SQLite (NORMAL)');
    for (const { name } of contenders) console.log(`  ${name.padEnd(12)} ${shown(rates, name)} calls/s`);
    printRatio(rates, 'deliveries', 'the hook', '(aim 0.8)');
    printRatio(rates, 'deliveries', 'node:http', '(aim 0.45)');
    const perDelivery = counted.rows() / (calls * (rounds + 1));
    console.log(`  rows written for a delivery: ${perDelivery.toFixed(3)}`);
    await hooked.close();
    await closePlaces(places);
  });
}

const shown = (rates: ReadonlyMap<string, readonly number[]>, name: string): string =>
  ratio(new Map([...rates, ['one', (rates.get(name) ?? []).map(() => 1)]]), name, 'one')
    .median.toFixed(0)
    .padStart(6);

/** Runs the rounds in alternating directions; the first round warms up. */
async function measureRates(
  contenders: readonly Contender[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const rates = new Map(contenders.map(({ name }): [string, number[]] => [name, []]));
  for (let round = -1; round < rounds; round++)
    for (const { name, rate } of round % 2 === 0 ? contenders : [...contenders].reverse()) {
      globalThis.gc?.();
      const measured = await rate();
      if (round >= 0) rates.get(name)?.push(measured);
    }
  return rates;
}
