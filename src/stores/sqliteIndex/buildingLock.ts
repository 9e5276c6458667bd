import type Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { AlreadyExistsError } from '../../errors.js';
import { generationTables } from './schema.js';

interface Building {
  readonly generation: number;
  readonly holder: string;
  readonly host: string;
  readonly process: number;
  readonly token: string;
  readonly beat: number;
}

/** A holder that has not been heard of for this long is gone. Milliseconds. */
const goneAfterMs = 30_000;
const beatEveryMs = 5_000;

/** The right to build an index; one process has it at a time. */
export interface BuildingLock {
  readonly generation: number;
  /** Whether it is still ours: somebody may have taken us for gone. */
  isHeld(): boolean;
  release(): void;
}

function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A process of this machine is asked itself; one of another machine shares the file, and is believed by its beat. */
const isGone = ({ host, process: process_, beat }: Building, now: number): boolean =>
  host === hostname() ? !isRunning(process_) : now - beat > goneAfterMs;

/**
 * Takes the lock and begins a new generation; what a builder that died has left is cleared away.
 *
 * @throws {@link AlreadyExistsError} that names who holds it
 */
export function takeBuildingLock(db: Database.Database, now: () => number): BuildingLock {
  const token = randomUUID();
  const select = db.prepare<[], Building>('SELECT * FROM building');

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

  const beat = setInterval(() => {
    // The file may be closed under a builder that was given up; the next process finds its beat old.
    if (db.open) db.prepare('UPDATE building SET beat = ? WHERE token = ?').run(now(), token);
    else clearInterval(beat);
  }, beatEveryMs).unref();

  return {
    generation,
    isHeld: () => select.get()?.token === token,
    release() {
      clearInterval(beat);
      db.prepare('DELETE FROM building WHERE token = ?').run(token);
    },
  };
}
