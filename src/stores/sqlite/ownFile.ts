import type Database from 'better-sqlite3';
import { EventStoreUnavailableError, InvalidArgumentError } from '../../errors.js';
import { openDatabase } from './driver.js';
import { isBusy, sqliteCode } from './sqliteErrors.js';
import { shownText } from '../../lib/shown/shownText.js';

/** One kind of SQLite files of this library. */
export interface FileKind {
  /** The kind in errors: `an index`. */
  readonly what: string;
  /** `PRAGMA application_id`: tells this kind from any other SQLite file. */
  readonly applicationID: number;
  /** `PRAGMA user_version` of a file that this version writes. */
  readonly schemaVersion: number;
  /** Creates the tables and sets both numbers. */
  readonly schema: string;
  readonly synchronous: 'FULL' | 'NORMAL';
}

/** Milliseconds. */
interface Waits {
  /** How long opening the file waits for another process that is creating it. */
  readonly openingMs: number;
  /** How long SQLite then waits for a lock while it blocks the event loop. */
  readonly busyMs: number;
}

/** How long one attempt waits in SQLite. Milliseconds. */
const attemptMs = 1_000;

/**
 * Opens a file of one kind, and creates it where it is missing. A file of another kind is refused before a byte of it is
 * changed.
 *
 * @param failed - makes the error for any other failure
 * @throws {@link InvalidArgumentError} for a file of another kind or of a newer version; {@link MissingDependencyError}
 */
export function openOwnFile(
  path: string,
  kind: FileKind,
  { openingMs, busyMs }: Waits,
  failed: (error: unknown) => Error,
): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = openDatabase(path, { timeout: Math.min(openingMs, attemptMs) });
    prepareFile(db, path, kind, openingMs);
    db.pragma(`busy_timeout = ${busyMs}`);
    return db;
  } catch (error) {
    db?.close();
    if (sqliteCode(error) === 'SQLITE_NOTADB')
      throw new InvalidArgumentError(
        `${shownText(path)} is not an SQLite file; it was not changed: use another path for ${kind.what}`,
        { cause: error },
      );
    throw failed(error);
  }
}

/** Prepares the connection, and creates the tables in a new file. Several processes may do so at once. */
export function prepareFile(db: Database.Database, path: string, kind: FileKind, openingMs: number): void {
  const wait = patience(openingMs);
  // Check the file first: switching to WAL changes it.
  const isNew = wait(() => isEmptyFile(db, path, kind));
  // Switching to WAL fails with SQLITE_BUSY at once, regardless of the busy timeout.
  const mode = wait(() => db.pragma('journal_mode = WAL', { simple: true }));
  if (mode !== 'wal')
    throw new EventStoreUnavailableError(
      `${shownText(path)} does not support a write-ahead log, which ${kind.what} needs; use a file on a local disk`,
    );
  db.pragma(`synchronous = ${kind.synchronous}`);
  // A file that needs no change is opened without waiting for a process that writes it.
  if (!isNew) return;
  wait(() => {
    db.transaction(() => {
      // Another process may have created the tables in between.
      if (isEmptyFile(db, path, kind)) db.exec(kind.schema);
    }).immediate();
  });
}

/** @throws {@link InvalidArgumentError} for a file of another kind or of a newer version */
function isEmptyFile(db: Database.Database, path: string, kind: FileKind): boolean {
  const { what, applicationID, schemaVersion } = kind;
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version === 0 && db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0) return true;
  if (db.pragma('application_id', { simple: true }) !== applicationID)
    throw new InvalidArgumentError(
      `${shownText(path)} is an SQLite file, but not ${what}; it was not changed: use another path`,
    );
  if (version > schemaVersion)
    throw new InvalidArgumentError(
      `${shownText(path)} is ${what} with schema ${version}, this version of eventstore-actions knows schemas up to ` +
        `${schemaVersion}; it was not changed: update eventstore-actions, or use another file`,
    );
  return false;
}

/** Repeats an action while another process holds the lock, until the time is over. */
function patience(milliseconds: number): <Result>(action: () => Result) => Result {
  const end = performance.now() + milliseconds;
  return (action) => {
    for (;;) {
      try {
        return action();
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  };
}
