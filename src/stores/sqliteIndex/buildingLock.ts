import type Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { AlreadyExistsError } from '../../errors.js';
import { every } from '../../lib/clock.js';
import { generationTables } from './indexTables.js';

interface Building {
  readonly generation: number;
  readonly holder: string;
  readonly host: string;
  readonly process: number;
  readonly token: string;
  readonly beat: number;
}

/** How far the last beat of a holder may be from now, in either direction, before it counts as gone. Milliseconds. */
const goneAfterMs = 30_000;
const beatEveryMs = 5_000;

/** The lock on building an index, for one process at a time. */
export interface BuildingLock {
  readonly generation: number;
  /** Whether this process still holds the lock: another process takes it over after 30 s without a beat. */
  isHeld(): boolean;
  /** Releases the lock. Never throws: another builder takes over a lock that remains. */
  release(): void;
}

/** The locks that this process holds. */
const held = new Set<string>();

function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Decides whether the holder is alive by its beat: a process id is not enough, since in a container the next process may
 * have the same host name and id. On this machine a holder counts as gone at once where its process does not run, or where
 * it has the id of this process and a lock that this process does not hold.
 */
function isGone({ host, process: process_, token, beat }: Building, now: number): boolean {
  if (held.has(token)) return false;
  if (Math.abs(now - beat) > goneAfterMs) return true;
  return host === hostname() && (process_ === process.pid || !isRunning(process_));
}

/**
 * Takes the lock, begins a new generation, and deletes the rows of a builder that stopped.
 *
 * @throws {@link AlreadyExistsError} that names the holder
 */
export function takeBuildingLock(db: Database.Database, now: () => number): BuildingLock {
  const token = randomUUID();
  const select = db.prepare<[], Building>('SELECT * FROM building');
  const update = db.prepare<[number, string]>('UPDATE building SET beat = ? WHERE token = ?');

  const generation = db
    .transaction(() => {
      const other = select.get();
      if (other && !isGone(other, now()))
        throw new AlreadyExistsError(`${other.holder} is already building the index; wait until it is done`);
      const inUse = 'SELECT generation FROM current';
      for (const table of generationTables)
        db.prepare(`DELETE FROM ${table} WHERE generation NOT IN (${inUse})`).run();
      db.prepare(`DELETE FROM generation WHERE id NOT IN (${inUse})`).run();
      const begin =
        'INSERT INTO generation (id) SELECT 1 + coalesce(max(id), 0) FROM generation RETURNING id';
      const begun = db.prepare<[], number>(begin).pluck().get() as number;
      const holder = `process ${process.pid} on ${hostname()}`;
      db.prepare(
        'INSERT OR REPLACE INTO building (only_row, generation, holder, host, process, token, beat) VALUES (1, ?, ?, ?, ?, ?, ?)',
      ).run(begun, holder, hostname(), process.pid, token, now());
      return begun;
    })
    .immediate();
  held.add(token);

  const beat = every('the beat of an index builder', beatEveryMs, () => {
    try {
      update.run(now(), token);
    } catch {
      // Ignore the failure: another process is writing, or the file is closed or damaged. The next beat or a takeover
      // follows.
    }
  }).unref();

  return {
    generation,
    isHeld: () => select.get()?.token === token,
    release() {
      clearInterval(beat);
      held.delete(token);
      try {
        db.prepare('DELETE FROM building WHERE token = ?').run(token);
      } catch {
        // Ignore the failure: the next builder finds that this one is gone.
      }
    },
  };
}
