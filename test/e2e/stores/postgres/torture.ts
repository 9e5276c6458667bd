import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { postgresEventStore } from 'eventstore-actions/postgres';
import pg from 'pg';
import { refusingTarget } from '../../../eventstoredb/adapter/refusingTarget.js';
import { startPostgres } from './postgresServer.js';
import { until } from '../../../support/conditions.js';
import { compiled } from '../../support/compiled.js';

/** The time limit for many events or a restart of a server. Milliseconds. */
const patienceMs = 100_000;
/** How many appends the writers are told of before the end, on a slow machine too. */
const leastTold = 110;

interface TortureOptions {
  readonly seconds: number;
  readonly processes: number;
  /** Writers of each process. */
  readonly writers: number;
}

/** The answers to the writers, compared with the events in PostgreSQL. */
interface TortureFigures {
  readonly acknowledged: number;
  readonly refused: number;
  readonly lost: number;
  readonly writtenTwice: number;
  readonly writtenAfterVeto: number;
  /** Conflicts on streams that have one writer only. */
  readonly conflicts: number;
  /** Positions that a follower did not see, or saw out of order. */
  readonly holes: number;
  readonly longestStallMs: number;
  readonly serverCrashes: number;
  readonly workersKilled: number;
}

const worker = fileURLToPath(new URL('./tortureWorker.ts', import.meta.url));

/**
 * A follower of the whole log, opened again after each loss of the server, that counts the positions that it missed
 * or saw out of order.
 */
function follow(store: Awaited<ReturnType<typeof postgresEventStore>>, signal: AbortSignal) {
  let position = 0n;
  let holes = 0;
  const done = (async () => {
    while (!signal.aborted)
      try {
        for await (const message of store.subscribe({ after: position, signal })) {
          if (!('stream' in message)) continue;
          if (message.position !== position + 1n) holes += 1;
          position = message.position;
        }
      } catch {
        await pause(50);
      }
  })();
  return {
    holes: () => holes,
    reached: async (head: bigint) => {
      await until(() => position >= head, patienceMs);
      return position >= head;
    },
    done,
  };
}

/** Runs a follower and writers in several processes, while the server crashes and processes are killed. */
export async function torture({ seconds, processes, writers }: TortureOptions): Promise<TortureFigures> {
  const server = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'torture-'));
  const journal = join(folder, 'told.log');
  const pool = new pg.Pool({ connectionString: server.connectionString, max: 4 });
  pool.on('error', () => undefined);
  const schema = 'torture';
  const store = await postgresEventStore({ pool, schema });
  const target = await refusingTarget(store);
  const stop = new AbortController();
  const follower = follow(store, stop.signal);
  const children = new Set<ChildProcess>();
  let isOver = false;
  let serverCrashes = 0;
  let workersKilled = 0;

  const file = await compiled(worker);
  const begin = (): Promise<unknown> => {
    const child = fork(file, [server.connectionString, schema, target.allowed, journal, String(writers)], {
      execArgv: [],
      stdio: 'ignore',
    });
    children.add(child);
    child.once('exit', () => {
      children.delete(child);
      if (!isOver) void begin();
    });
    return new Promise((resolve) => {
      child.once('message', resolve);
      child.once('exit', resolve);
    });
  };

  try {
    await Promise.all(Array.from({ length: processes }, begin));
    const endsAt = performance.now() + seconds * 1_000;
    // A round of each kind, however long the first takes.
    for (let round = 1; performance.now() < endsAt || round <= 2; round++) {
      await pause(3_000);
      if (round % 2 === 0) {
        await server.crash(200);
        serverCrashes += 1;
      } else {
        [...children][round % processes]?.kill('SIGKILL');
        workersKilled += 1;
      }
    }
    const told = (kind: string): number => readFileSync(journal, 'utf8').split(`\n${kind} `).length;
    await until(() => told('A') > leastTold && told('R') > leastTold / 10, patienceMs);
    isOver = true;
    await Promise.all(
      [...children].map(async (child) => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await ended;
      }),
    );
    const head = await store.head();
    if (!(await follower.reached(head))) throw new Error('the follower did not reach the end of the log');
    const { rows } = await pool.query<{ readonly id: string; readonly count: string }>(
      `SELECT id::text, count(*) FROM ${schema}.event GROUP BY id`,
    );
    return {
      ...compare(
        readFileSync(journal, 'utf8').split('\n'),
        new Map(rows.map(({ id, count }) => [id, Number(count)])),
      ),
      holes: follower.holes(),
      serverCrashes,
      workersKilled,
    };
  } finally {
    isOver = true;
    for (const child of children) child.kill('SIGKILL');
    stop.abort();
    await follower.done;
    await target[Symbol.asyncDispose]();
    await store.close();
    await pool.end();
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(told: readonly string[], stored: ReadonlyMap<string, number>) {
  const lines = told.map((line) => line.split(' '));
  const of = (kind: string): readonly string[] =>
    lines.filter(([first]) => first === kind).map(([, id = '']) => id);
  const acknowledged = of('A');
  const refused = of('R');
  return {
    acknowledged: acknowledged.length,
    refused: refused.length,
    lost: acknowledged.filter((id) => !stored.has(id)).length,
    writtenTwice: [...stored.values()].filter((count) => count > 1).length,
    writtenAfterVeto: refused.filter((id) => stored.has(id)).length,
    conflicts: of('C').length,
    longestStallMs: lines.reduce(
      (longest, [kind, , ms]) => (kind === 'A' ? Math.max(longest, Number(ms)) : longest),
      0,
    ),
  };
}
