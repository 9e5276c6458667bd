import type Database from 'better-sqlite3';
import type { AppendResult } from '../../ports.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';
import { answerGroup, type AppendOutcome } from '../local/answerGroup.js';
import { appendStatements } from './appendStatements.js';
import { reportIgnored } from '../../lib/ignoredError.js';
import { timeOfDay } from '../../lib/time/timeOfDay.js';
import { later, soon } from '../../lib/clock.js';
import { commitFailed, isBusy, notWritten } from './sqliteErrors.js';

/** The most appends that share one commit, so that a burst does not block the event loop. */
const groupSize = 256;
const where = 'the commit of a group of appends';
/** The delay before the next attempt to take the lock. Milliseconds. */
const retryMs = 5;

interface Waiting {
  readonly append: ProposedAppend;
  readonly signal: AbortSignal | undefined;
  readonly since: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

interface GroupCommitOptions {
  readonly db: Database.Database;
  readonly path: string;
  readonly now: () => number;
  /** Called with the streams that a commit has written. */
  readonly announce: (streams: readonly string[]) => void;
  /** How long an append waits for the lock of another process before it fails. Milliseconds. @defaultValue 5 000 */
  readonly lockMs?: number | undefined;
}

/**
 * Lets the appends of one turn of the event loop share one transaction, with one commit and one flush to disk. The store
 * decides each append separately, in the order of the calls; the append settles after the commit.
 */
export class GroupCommit {
  readonly #db: Database.Database;
  readonly #path: string;
  readonly #now: () => number;
  readonly #announce: (streams: readonly string[]) => void;
  readonly #lockMs: number;
  readonly #write: (append: ProposedAppend, created: number) => AppendOutcome;
  readonly #begin: Database.Statement<[]>;
  readonly #commit: Database.Statement<[]>;
  #queue: Waiting[] = [];
  #scheduled = false;
  #drained: (() => void) | undefined;

  constructor({ db, path, now, announce, lockMs = 5_000 }: GroupCommitOptions) {
    this.#db = db;
    this.#path = path;
    this.#now = now;
    this.#announce = announce;
    this.#lockMs = lockMs;
    this.#write = appendStatements(db);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  add(append: ProposedAppend, signal: AbortSignal | undefined): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ append, signal, since: performance.now(), resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when all added appends have settled. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#queue.length === 0) resolve();
      else this.#drained = resolve;
    });
  }

  #schedule(delayMs?: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const flush = () => {
      this.#scheduled = false;
      this.#flush();
    };
    if (delayMs === undefined) soon(where, flush);
    else later(where, delayMs, flush);
  }

  #flush(): void {
    const group = this.#queue.splice(0, groupSize).filter(isStillWanted);
    const locked = group.length === 0 ? undefined : this.#commitGroup(group);
    if (locked !== undefined) {
      this.#queue = [...group.filter((waiting) => this.#isPatient(waiting, locked)), ...this.#queue];
      this.#schedule(1 + Math.random() * retryMs);
    } else if (this.#queue.length > 0) this.#schedule();
    else this.#drained?.();
  }

  /** Settles the whole group. Where another process holds the lock, returns the error and changes nothing. */
  #commitGroup(group: readonly Waiting[]): unknown {
    try {
      this.#begin.run();
    } catch (error) {
      if (isBusy(error)) return error;
      for (const { append, reject } of group) reject(notWritten(error, append, this.#path));
      return undefined;
    }
    const outcomes: AppendOutcome[] = [];
    try {
      const created = Math.trunc(timeOfDay(this.#now));
      for (const { append } of group) outcomes.push(this.#write(append, created));
    } catch (error) {
      this.#rollback();
      this.#commitEachAlone(group, error);
      return undefined;
    }
    try {
      this.#commit.run();
    } catch (error) {
      this.#rollback();
      for (const { append, reject } of group) reject(commitFailed(error, append, this.#path));
      return undefined;
    }
    this.#answer(group, outcomes);
    return undefined;
  }

  /** Commits each append separately after one append of the group could not be written, so that the others succeed. */
  #commitEachAlone(group: readonly Waiting[], error: unknown): void {
    if (group.length === 1) {
      for (const { append, reject } of group) reject(notWritten(error, append, this.#path));
      return;
    }
    for (const waiting of group) {
      const locked = this.#commitGroup([waiting]);
      if (locked !== undefined) waiting.reject(notWritten(locked, waiting.append, this.#path));
    }
  }

  #answer(group: readonly Waiting[], outcomes: readonly AppendOutcome[]): void {
    const streams = answerGroup(group, outcomes);
    if (streams.length > 0) this.#announce(streams);
  }

  #rollback(): void {
    // SQLite itself has rolled back after most failures.
    if (!this.#db.inTransaction) return;
    try {
      this.#db.exec('ROLLBACK');
    } catch (error) {
      // The appends settle nevertheless. The next appends fail when they begin their transaction.
      reportIgnored('the rollback of a group of appends', error);
    }
  }

  #isPatient({ append, since, reject }: Waiting, locked: unknown): boolean {
    if (performance.now() - since < this.#lockMs) return true;
    reject(notWritten(locked, append, this.#path));
    return false;
  }
}

function isStillWanted({ signal, reject }: Waiting): boolean {
  if (signal?.aborted !== true) return true;
  reject(signal.reason);
  return false;
}
