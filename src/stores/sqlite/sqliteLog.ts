import type Database from 'better-sqlite3';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreUnavailableError } from '../../errors.js';
import type { AppendResult } from '../../ports.js';
import type { EventLog, LogPage, StoredEvent } from '../local/eventLog.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';
import { isBusy, unavailable } from './sqliteErrors.js';
import type { GroupCommit } from './sqliteGroupCommit.js';
import { eventColumns, pageStatements } from './pageStatements.js';

/** How long a read waits while another process recovers the file after a crash. Milliseconds. */
const recoveryMs = 5_000;

/**
 * The log in an SQLite file. Each read takes a whole page, so that no transaction stays open while a reader processes a
 * page.
 */
export class SQLiteLog implements EventLog {
  readonly #db: Database.Database;
  readonly #path: string;
  readonly #groupCommit: GroupCommit;
  readonly #head: Database.Statement<[], number>;
  readonly #dataAt: Database.Statement<[number], string | Uint8Array>;
  readonly #forwards: Database.Statement<[string, number, number], StoredEvent>;
  readonly #backwards: Database.Statement<[string, number, number], StoredEvent>;
  readonly #pagesOf: ReturnType<typeof pageStatements>;

  constructor(db: Database.Database, path: string, groupCommit: GroupCommit) {
    this.#db = db;
    this.#path = path;
    this.#groupCommit = groupCommit;
    this.#head = db.prepare<[], number>('SELECT coalesce(max(position), 0) FROM event').pluck();
    this.#dataAt = db
      .prepare<[number], string | Uint8Array>('SELECT data FROM event WHERE position = ?')
      .pluck();
    const ofStream = (condition: string) =>
      db
        .prepare<[string, number, number], StoredEvent>(
          `SELECT ${eventColumns} FROM stream CROSS JOIN event ON event.stream = stream.id
           WHERE stream.name = ? AND ${condition} LIMIT ?`,
        )
        .raw();
    this.#forwards = ofStream('event.version >= ? ORDER BY event.version');
    this.#backwards = ofStream('event.version <= ? ORDER BY event.version DESC');
    this.#pagesOf = pageStatements(db);
  }

  append(proposed: ProposedAppend, signal: AbortSignal | undefined): Promise<AppendResult> {
    return this.#groupCommit.add(proposed, signal);
  }

  head(): Promise<number> {
    return this.#read(() => this.#head.get() ?? 0);
  }

  readStream(stream: string, from: number, step: 1 | -1, limit: number): Promise<readonly StoredEvent[]> {
    const statement = step === 1 ? this.#forwards : this.#backwards;
    return this.#read(() => statement.all(stream, from, limit));
  }

  pages(prefixes: readonly string[] | undefined): (after: number, head: number) => Promise<LogPage> {
    // Prepare the statement at the first read: there a closed database becomes an error of the store.
    let page: ReturnType<ReturnType<typeof pageStatements>> | undefined;
    return (after, head) => this.#read(() => (page ??= this.#pagesOf(prefixes))(after, head));
  }

  dataAt(position: number): string | Uint8Array {
    try {
      const data = this.#dataAt.get(position);
      if (data !== undefined) return data;
    } catch (error) {
      throw unavailable(error, this.#path);
    }
    throw new EventStoreUnavailableError(`the event at position ${position} is gone from ${this.#path}`);
  }

  async close(): Promise<void> {
    await this.#groupCommit.drain();
    this.#db.close();
  }

  async #read<T>(action: () => T): Promise<T> {
    const end = performance.now() + recoveryMs;
    for (;;) {
      try {
        return action();
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) throw unavailable(error, this.#path);
        await sleep(5);
      }
    }
  }
}
