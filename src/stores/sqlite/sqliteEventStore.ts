import type Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { InvalidArgumentError } from '../../errors.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireFunction } from '../../lib/reading/reading.js';
import { shownValue } from '../../lib/reading/shownValue.js';
import { Followers } from '../local/followers.js';
import { localEventStore, type LocalEventStore } from '../local/localEventStore.js';
import { requireText } from '../../events/proposedAppend.js';
import { openOwnFile } from './ownFile.js';
import { unavailable } from './sqliteErrors.js';
import { GroupCommit } from './sqliteGroupCommit.js';
import { eventFile } from './eventFile.js';
import { SQLiteLog } from './sqliteLog.js';

/** The options of {@link sqliteEventStore}. */
export interface SQLiteEventStoreOptions {
  /** The path of the file, on a disk of this machine. A missing file is created; a missing folder is not. */
  readonly path: string;
  /**
   * `'FULL'` flushes every commit to disk: no acknowledged event is lost, even in a power failure. `'NORMAL'` is several
   * times faster for single appends and loses nothing when the process is killed, but may lose the last commits when the
   * machine stops. @defaultValue `'FULL'`
   */
  readonly synchronous?: 'FULL' | 'NORMAL';
  /** Milliseconds since the Unix epoch: the `created` of events. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** Makes the id of an event without one; a UUID. @defaultValue `crypto.randomUUID` */
  readonly generateID?: () => string;
}

const optionNames: OptionNames<SQLiteEventStoreOptions> = {
  path: true,
  synchronous: true,
  now: true,
  generateID: true,
};

/** How long opening a file waits for another process that is creating it. Milliseconds. */
const openingMs = 10_000;
/** How long SQLite waits for a lock while it blocks the event loop; longer waits use timers. Milliseconds. */
const busyMs = 10;

/**
 * An event store in one SQLite file (write-ahead log), for one process or several on the same machine. Needs the optional
 * dependency better-sqlite3.
 *
 * - Appends of one turn of the event loop share one commit. The store decides each one separately; it settles after the
 *   commit.
 * - Where the `signal` of an append aborts before its transaction begins, the append rejects with the signal's reason and
 *   nothing was written. A later abort has no effect.
 * - Subscriptions receive events of this process at once, and events of other processes within 50 ms. An open subscription
 *   does not keep the process alive.
 * - `close()` waits for the pending appends; later calls and open subscriptions reject with {@link
 *   EventStoreUnavailableError}.
 * - An append rejects with {@link EventStoreUnavailableError}, and nothing was written, where another process holds the
 *   lock for more than 5 seconds, the disk is full and so on; it rejects with {@link OutcomeUnknownError} after a disk
 *   error during the commit.
 *
 * The file's tables are described in its own schema; `PRAGMA user_version` is the version of that schema.
 *
 * @throws {@link MissingDependencyError} where better-sqlite3 is missing or does not load
 * @throws {@link InvalidArgumentError} for a file that is no event store, or that a newer version wrote
 * @throws {@link EventStoreUnavailableError} where the file cannot be opened
 */
export function sqliteEventStore(options: SQLiteEventStoreOptions): LocalEventStore {
  const {
    path: given,
    synchronous = 'FULL',
    now = Date.now,
    generateID = randomUUID,
  } = readOptions(options, optionNames, 'sqliteEventStore');
  const path = requirePath(given);
  if ((synchronous as string) !== 'FULL' && (synchronous as string) !== 'NORMAL')
    throw new InvalidArgumentError(
      `synchronous is 'FULL' or 'NORMAL', not ${shownValue(synchronous)}; nothing was opened`,
    );
  requireFunction(now, 'now');
  requireFunction(generateID, 'generateID');
  const db = openOwnFile(path, eventFile(synchronous), { openingMs, busyMs }, (error) =>
    unavailable(error, path),
  );
  const followers = new Followers(changeDetector(db));
  const groupCommit = new GroupCommit({
    db,
    path,
    now,
    announce: (streams) => {
      followers.announce(streams);
    },
  });
  return localEventStore(new SQLiteLog(db, path, groupCommit), followers, generateID);
}

function requirePath(path: unknown): string {
  const text = requireText(path, 'path');
  if (text === ':memory:')
    throw new InvalidArgumentError(
      'path names a file, not ":memory:"; for a store in memory use memoryEventStore(); nothing was opened',
    );
  // Pass the absolute path: SQLite would read some names as URIs.
  return resolve(text);
}

/** Whether another connection has committed since the last call. */
function changeDetector(db: Database.Database): () => boolean {
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  let seen: number | undefined;
  return () => {
    const before = seen;
    try {
      seen = dataVersion.get();
    } catch {
      // Ignore the failure: the reads of the subscriptions report it.
      return true;
    }
    return seen !== before;
  };
}
