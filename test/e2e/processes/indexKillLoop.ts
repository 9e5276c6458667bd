/** `npm run torture:index -- [kills]`: kills processes that write or rebuild one index file, and judges the files. */
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createActions, type Actions, type EventData } from '../../../src/index.js';
import { sqliteEventStore, sqliteIndexStore } from '../../../src/stores/sqlite/index.js';
import { generationTables } from '../../../src/stores/sqliteIndex/indexTables.js';
import { targetSettings } from '../../support/targetSettings.js';
import { countStaleAnswers, type Told } from './staleAnswers.js';
import { targetIDs, type Served } from './served.js';
import { startWorker, type Worker } from './startWorker.js';

interface IndexKillFigures {
  readonly kills: number;
  /** Kills that left the building lock and half an index behind. */
  readonly killedWhileBuilding: number;
  /** Rebuilds that a worker finished. */
  readonly rebuilds: number;
  /** Answers that were judged. */
  readonly answers: number;
  /** Answers that are older than an answer served before. */
  readonly behind: number;
  /** Answers that no event explains. */
  readonly unexplained: number;
  /** Times that a new process answered otherwise than a replay of all events. */
  readonly unlikeReplay: number;
  /** Times that a second rebuild gave another content than the first. */
  readonly unlikeFirstRebuild: number;
  /** Times that tables of an unfinished rebuild were left after the next one. */
  readonly leftBehind: number;
  /** Workers that ended although the loop did not kill them. */
  readonly endedAlone: number;
  /** SQLite's own findings in the index file. */
  readonly corruptions: number;
}

const worker = fileURLToPath(new URL('indexWorker.ts', import.meta.url));
const tasks = ['write', 'rebuild'] as const;
type Task = (typeof tasks)[number];

/** How long processes work before one is killed, at most. Milliseconds. */
const workMs = 400;
const seededExecutions = 3_000;

const targetAdded = (id: string): EventData => ({
  type: 'target.added',
  data: { ...targetSettings, name: id, signingKeys: [] },
});

/** Enough for a rebuild to last. */
async function seed(path: string): Promise<void> {
  const store = sqliteEventStore({ path, synchronous: 'NORMAL' });
  const data = { targets: [{ type: 'target', target: targetIDs[0]! }] };
  await Promise.all([
    ...targetIDs.map((id) => store.append(`actions.target-default.${id}`, [targetAdded(id)])),
    ...Array.from({ length: seededExecutions }, (_, n) =>
      store.append(`actions.execution-default.event/seed.${n}`, [{ type: 'execution.set', data }]),
    ),
  ]);
  await store.close();
}

/** The whole content of the index of an instance, as text to compare. */
async function contentOf(actions: Actions): Promise<string> {
  const pages: unknown[] = [];
  for (const { list } of [actions.targets, actions.executions])
    for (let offset = 0; ; offset += 1_000) {
      const { items } = await list({ offset, limit: 1_000 });
      pages.push(items);
      if (items.length < 1_000) break;
    }
  return JSON.stringify(pages);
}

/** Reads the two files between runs of the workers, opening them again each time, as a new process would. */
async function judgeFiles(events: string, index: string, rebuildTwice: boolean) {
  const store = sqliteEventStore({ path: events });
  const indexStore = sqliteIndexStore({ path: index });
  const options = { eventStore: store, keyring: 'plaintext' } as const;
  const fresh = await createActions({ ...options, indexStore });
  const replayed = await createActions(options);
  const expected = await contentOf(replayed);
  const found = { unlikeReplay: 0, unlikeFirstRebuild: 0, leftBehind: 0, corruptions: 0 };
  if ((await contentOf(fresh)) !== expected) found.unlikeReplay++;
  if (rebuildTwice) {
    await fresh.rebuild();
    const first = await contentOf(fresh);
    await fresh.rebuild();
    if (first !== expected || (await contentOf(fresh)) !== first) found.unlikeFirstRebuild++;
  }
  for (const actions of [fresh, replayed]) await actions.close();
  await indexStore.close();
  await store.close();

  const db = new Database(index);
  if (rebuildTwice) {
    const count = (from: string) => db.prepare<[], number>(`SELECT count(*) FROM ${from}`).pluck().get()!;
    const others = generationTables.map(
      (table) => `${table} WHERE generation <> (SELECT generation FROM current)`,
    );
    const surplus = ['building', ...others]
      .map(count)
      .reduce((sum, rows) => sum + rows, count('generation') - 1);
    if (surplus > 0) found.leftBehind++;
  }
  if (db.pragma('integrity_check', { simple: true }) !== 'ok') found.corruptions++;
  db.close();
  return found;
}

function isBeingBuilt(index: string): boolean {
  const db = new Database(index, { readonly: true });
  try {
    return db.prepare('SELECT 1 FROM building').get() !== undefined;
  } finally {
    db.close();
  }
}

/**
 * Bounded by `kills`: each round lets fresh processes work for at most 400 ms before one or both of them are
 * killed.
 */
export async function indexKillLoop(kills: number): Promise<IndexKillFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'index-kill-'));
  const [events, index] = [join(folder, 'events.db'), join(folder, 'index.db')];
  const running = new Map<Task, Worker>();
  const told: Told[] = [];
  const sums = { unlikeReplay: 0, unlikeFirstRebuild: 0, leftBehind: 0, corruptions: 0 };
  let [killed, killedWhileBuilding, rebuilds, runs, looks, endedAlone] = [0, 0, 0, 0, 0, 0];

  async function start(task: Task): Promise<void> {
    const run = ++runs;
    // A worker may not give an older answer than the other workers gave before it began.
    const heardBefore = told.length;
    const started = await startWorker(
      [worker, task, events, index, String(run)],
      (line) => {
        const served = line as Served;
        told.push({ run, heardBefore, served });
        if (served.what === 'rebuilt') rebuilds++;
      },
      () => {
        endedAlone++;
        running.delete(task);
      },
    );
    running.set(task, started);
  }

  async function kill(task: Task): Promise<void> {
    const started = running.get(task);
    if (!started) return;
    running.delete(task);
    await started.kill();
    killed++;
    if (task === 'rebuild' && isBeingBuilt(index)) killedWhileBuilding++;
  }

  async function look(): Promise<void> {
    const found = await judgeFiles(events, index, ++looks % 3 === 0 || killed >= kills);
    for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += found[key];
  }

  try {
    await seed(events);
    while (killed < kills) {
      await Promise.all(tasks.filter((task) => !running.has(task)).map(start));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * workMs));
      const [one, other] = Math.random() < 0.5 ? tasks : ([tasks[1], tasks[0]] as const);
      await kill(one);
      if (killed < kills && Math.random() < 0.5) await kill(other);
      if (running.size === 0) await look();
    }
    for (const task of tasks) await kill(task);
    await look();
    const store = sqliteEventStore({ path: events });
    const answers = await countStaleAnswers(store, told);
    await store.close();
    return { kills: killed, killedWhileBuilding, rebuilds, ...answers, endedAlone, ...sums };
  } finally {
    for (const task of tasks) await kill(task);
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = await indexKillLoop(Number(process.argv[2] ?? 100));
  console.log(figures);
  const { kills: _kills, killedWhileBuilding, rebuilds, answers, ...faults } = figures;
  const hasWorked = killedWhileBuilding > 0 && rebuilds > 0 && answers > 0;
  if (!hasWorked || Object.values(faults).some((count) => count > 0)) process.exit(1);
}
