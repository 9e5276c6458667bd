/**
 * One of two processes on one event store file and one index file. `write` sets and removes executions and changes targets;
 * `rebuild` builds the index again again and again. Neither ends. Each line on stdout was answered from the index.
 * `indexWorker.ts <write | rebuild> <events> <index> <run>`
 */
import { writeSync } from 'node:fs';
import { createActions } from '../../../src/index.js';
import { sqliteEventStore, sqliteIndexStore } from '../../../src/stores/sqlite/index.js';
import { conditions, listOf, targetIDs, type Answer, type Served } from './served.js';

const [task = '', events = '', index = '', run = '0'] = process.argv.slice(2);
const tell = (served: Served) => writeSync(1, `${JSON.stringify(served)}\n`);

const actions = await createActions({
  eventStore: sqliteEventStore({ path: events, synchronous: 'NORMAL' }),
  indexStore: sqliteIndexStore({ path: index }),
  keyring: 'plaintext',
});
const answerTo = (name: string): Answer => ({
  name,
  targets: actions.explain({ event: name }).targets.map(({ id }) => id),
});

/** Every seventh write of a condition removes it. */
async function write(name: string, n: number): Promise<void> {
  const condition = { event: { event: name } } as const;
  const { position } =
    n % 7 === 0
      ? await actions.executions.remove(condition)
      : await actions.executions.set(condition, listOf(n));
  tell({ what: 'wrote', answer: answerTo(name), position: String(position ?? -1n) });
}

tell({ what: 'started', answers: conditions.map(answerTo) });
for (let n = Number(run) * 1_000; ; n++) {
  if (task === 'rebuild') {
    await actions.rebuild();
    tell({ what: 'rebuilt', answers: conditions.map(answerTo) });
  } else {
    for (const name of conditions) await write(name, n);
    await actions.targets.change(targetIDs[n % targetIDs.length]!, { timeoutMs: 1 + (n % 200_000) });
  }
}
