import { join } from 'node:path';
import { createActions, type Actions, type EventStore } from '../../src/index.js';
import { sqliteIndexStore } from '../../src/stores/sqlite/index.js';
import type { RebuildResult } from '../../src/routing/buildIndex.js';
import { median, measure, printRatio, type Contender } from './rounds.js';
import { executions, nameOf, ours, targets as targetCount } from './writeMillion.js';

const prefixes = ['actions.target-', 'actions.execution-'];

/** The floor: the same subscription, which parses the JSON of each event, and nothing else. */
async function readAndParse(store: EventStore): Promise<number> {
  let count = 0;
  for await (const message of store.subscribe({ prefixes, signal: new AbortController().signal })) {
    if ('caughtUp' in message) break;
    if ('stream' in message) count++;
  }
  return count;
}

const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

/**
 * The time of reading, parsing and building, apart from verification and swap; with an index file also that of
 * saving.
 */
function rebuilds(
  name: string,
  actions: Actions,
  parts: Map<string, RebuildResult['durations'][]>,
): Contender {
  return {
    name,
    async run() {
      const { events, durations } = await actions.rebuild();
      parts.set(name, [...(parts.get(name) ?? []), durations]);
      return events;
    },
  };
}

export async function benchIndexRebuilds(store: EventStore, folder: string, rounds: number): Promise<void> {
  const before = heap();
  const inMemory = await createActions({ eventStore: store });
  const bytes = heap() - before;
  console.log(
    `memory: ${Math.round(bytes / executions)} bytes of heap an execution, the ${targetCount} targets included`,
  );
  const indexStore = sqliteIndexStore({ path: join(folder, 'rebuilt.db') });
  const inFile = await createActions({ eventStore: store, indexStore });
  const parts = new Map<string, RebuildResult['durations'][]>();
  const floors: number[] = [];
  const floor: Contender = {
    name: 'subscription with JSON.parse',
    async run() {
      const startedAt = performance.now();
      const count = await readAndParse(store);
      floors.push(performance.now() - startedAt);
      return count;
    },
  };
  await measure([floor, rebuilds('memory', inMemory, parts), rebuilds('file', inFile, parts)], rounds);
  console.log(`rebuild, ${ours} events of ours among 1 000 000`);
  for (const [name, all] of parts) {
    const of = (part: (durations: RebuildResult['durations']) => number) => all.slice(1).map(part);
    const against = (times: readonly number[]) =>
      median(times.map((time, round) => floors[round + 1]! / time)).toFixed(3);
    console.log(
      `  index in ${name}: events/s of building / subscription with JSON.parse   ${against(of(({ build }) => build))}  aim: at least 0.5`,
    );
    if (name === 'file')
      console.log(
        `  index in ${name}: the same with the writing of its rows                  ${against(of(({ build, save }) => build + save))}`,
      );
    for (const part of ['build', 'save', 'compare', 'adopt'] as const)
      console.log(`    ${part.padEnd(8)} ${median(of((durations) => durations[part])).toFixed(0)} ms`);
  }
  console.log(`    floor    ${median(floors.slice(1)).toFixed(0)} ms`);
  await inFile.close();
  await indexStore.close();
  await inMemory.close();
}

/** The time from opening to the first correct answer. */
export async function benchStarts(store: EventStore, folder: string, rounds: number): Promise<void> {
  const path = join(folder, 'started.db');
  const [wanted, last] = [nameOf(executions - 1), executions - 1];
  async function start(file: boolean): Promise<number> {
    const indexStore = file ? sqliteIndexStore({ path }) : undefined;
    const actions = await createActions({ eventStore: store, ...(indexStore && { indexStore }) });
    const { winner, targets } = actions.explain({ event: wanted });
    if (winner !== `event/${wanted}` || targets[0]?.id !== `t${last % targetCount}`)
      throw new Error(`answered ${String(winner)}`);
    void actions.close().then(() => indexStore?.close());
    return 1;
  }
  const startedAt = performance.now();
  await start(true);
  console.log(
    `first start with an empty index file: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`,
  );
  const [file, memory] = ['index in a file', 'index in memory, by replay'];
  const rates = await measure(
    [
      { name: file, run: () => start(true) },
      { name: memory, run: () => start(false) },
    ],
    rounds,
  );
  console.log('from start to the first correct answer');
  printRatio(rates, file, memory, 'aim: at least 3');
}
