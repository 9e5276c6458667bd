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

/** A holder whose last beat is further away than this, in the past or in the future, is gone. Milliseconds. */
const goneAfterMs = 30_000;
const beatEveryMs = 5_000;

/** The right to build an index; one process has it at a time. */
export interface BuildingLock {
  readonly generation: number;
  /** Whether it is still ours: another process takes it over when no beat came for 30 s. */
  isHeld(): boolean;
  /** Never throws: a lock that stays behind is taken over. */
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
 * A process id says little: in a container the next process has the same host name and id. The beat decides, and on this
 * machine a process that does not run, or that is this one with a lock it does not know, is gone at once.
 */
function isGone({ host, process: process_, token, beat }: Building, now: number): boolean {
  if (held.has(token)) return false;
  if (Math.abs(now - beat) > goneAfterMs) return true;
  return host === hostname() && (process_ === process.pid || !isRunning(process_));
}

/**
 * Takes the lock and begins a new generation; the rows of a builder that died are deleted.
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
        throw new AlreadyExistsError(
          `the index is being built already, by ${other.holder}; wait until it is done`,
        );
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
      // Another process writes at this moment, or the file is closed or broken: the next beat, or the takeover, settles it.
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
        // The next builder finds that this one is gone.
      }
    },
  };
}
