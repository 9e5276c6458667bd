import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActions, memoryEventStore, type EventStore } from '../../src/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { measure, measureTimes, median, printRatio, type Contender } from './rounds.js';
import { startTargetProcess } from './targetProcess.js';

const data = {
  customer: 'c-1',
  lines: Array.from({ length: 10 }, (_, n) => ({ product: `p-${n}`, quantity: n, note: 'x'.repeat(60) })),
};

/** Appends one event at a time to streams of their own, `atOnce` at once. */
function appending(
  name: string,
  store: EventStore,
  type: string,
  appends: number,
  atOnce: number,
): Contender {
  let stream = 0;
  return {
    name,
    async run() {
      let left = appends;
      const writer = async () => {
        while (left-- > 0) await store.append(`${name}-${stream++ % 1_000}`, [{ type, data }]);
      };
      await Promise.all(Array.from({ length: atOnce }, writer));
      return appends;
    },
  };
}

async function withoutMatch(
  what: string,
  open: () => EventStore,
  appends: number,
  rounds: number,
): Promise<void> {
  const [bare, twin, inner] = [open(), open(), open()];
  const actions = await createActions({ eventStore: memoryEventStore(), keyring: 'plaintext' });
  const { id } = await actions.targets.add({
    name: 'elsewhere',
    type: 'webhook',
    endpoint: 'https://example.com/',
  });
  for (let n = 0; n < 1_000; n++) await actions.executions.set({ event: { event: `other.thing${n}` } }, [id]);
  const guarded = actions.intercept(inner);
  const rates = await measure(
    [
      appending('bare', bare, 'order.placed', appends, 16),
      appending('identical', twin, 'order.placed', appends, 16),
      appending('guarded', guarded, 'order.placed', appends, 16),
    ],
    rounds,
  );
  console.log(`append, ${what}, no execution matches (1 000 executions)`);
  printRatio(rates, 'identical', 'bare', 'the noise');
  printRatio(rates, 'guarded', 'bare', 'aim: within the noise');
  await actions.close();
  for (const store of [bare, twin, inner]) await store.close?.();
}

async function withOneTarget(
  what: string,
  open: () => EventStore,
  appends: number,
  rounds: number,
): Promise<void> {
  await using target = await startTargetProcess();
  const [bare, inner] = [open(), open()];
  const actions = await createActions({
    eventStore: memoryEventStore(),
    keyring: 'plaintext',
    network: { allow: [`127.0.0.1:${target.port}`] },
  });
  const { id } = await actions.targets.add({
    name: 'policy',
    type: 'webhook',
    endpoint: target.url,
    interruptOnError: true,
  });
  await actions.executions.set({ event: { all: true } }, [id]);
  const { rates, cpuTimes } = await measureTimes(
    [
      appending('bare', bare, 'order.placed', appends, 32),
      appending('guarded', actions.intercept(inner), 'order.placed', appends, 32),
      { name: 'axios.post', run: () => target.postWithAxios(data, appends, 32) },
      { name: 'node:http', run: () => target.postBare(data, appends, 32) },
    ],
    rounds,
  );
  console.log(`append, ${what}, one local target, 32 at once`);
  printRatio(rates, 'guarded', 'bare', 'the price of a call');
  printRatio(rates, 'guarded', 'axios.post', 'hook calls, aim: at least 1.5');
  printRatio(rates, 'guarded', 'node:http', 'hook calls over the floor');
  const cpu = [...cpuTimes].map(([name, times]) => `${name} ${median(times).toFixed(1)} µs`).join(', ');
  console.log(`  CPU of an operation: ${cpu}`);
  printRatio(cpuTimes, 'guarded', 'node:http', 'CPU of a guarded append over the floor: less is better');
  await actions.close();
  for (const store of [bare, inner]) await store.close?.();
}

async function withStores(bench: (sqlite: () => EventStore) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  let files = 0;
  try {
    await bench(() => sqliteEventStore({ path: join(folder, `${files++}.db`) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const benchUnmatched = (rounds: number): Promise<void> =>
  withStores(async (sqlite) => {
    await withoutMatch('memory', memoryEventStore, 20_000, rounds);
    await withoutMatch('SQLite', sqlite, 4_000, rounds);
  });

export const benchCalled = (rounds: number): Promise<void> =>
  withOneTarget('memory', memoryEventStore, 10_000, rounds);

export const benchCalledOnDisk = (rounds: number): Promise<void> =>
  withStores((sqlite) => withOneTarget('SQLite', sqlite, 3_000, rounds));
