import { randomUUID } from 'node:crypto';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireBoolean, requireFunction } from '../../lib/reading/reading.js';
import { backgroundClock } from '../../lib/clock.js';
import { Followers } from '../local/followers.js';
import { localEventStore } from '../local/localEventStore.js';
import type { EventStore } from '../../ports.js';
import { createChanges } from './changes.js';
import { createGroupCommit } from './postgresGroupCommit.js';
import { requirePool, type PostgresPool } from './pool.js';
import { createPostgresLog } from './postgresLog.js';
import { prepareTables } from './prepareTables.js';
import { defaultSchema, eventTables, requireSchemaName } from './eventTables.js';

/** The options of {@link postgresEventStore}. */
export interface PostgresEventStoreOptions {
  /** A `Pool` of the `pg` package. It stays open when the store is closed. A pool of one connection is enough. */
  readonly pool: PostgresPool;
  /** The schema of the tables: lower-case letters, digits and underscores, at most 63. @defaultValue `'eventstore_actions'` */
  readonly schema?: string;
  /**
   * Creates the tables where they are missing. With `false`, run the statements that `eventstore-actions postgres schema`
   * prints.
   * @defaultValue `true`
   */
  readonly migrate?: boolean;
  /** Makes the id of an event without one; a UUID. @defaultValue `crypto.randomUUID` */
  readonly generateID?: () => string;
}

const optionNames: OptionNames<PostgresEventStoreOptions> = {
  pool: true,
  schema: true,
  migrate: true,
  generateID: true,
};

/** An event store in a schema of PostgreSQL. */
export interface PostgresEventStore extends EventStore, AsyncDisposable {
  /** `0n`: the version of a stream's first event. */
  readonly firstVersion: bigint;
  /** The position of the last event; `0n` for an empty store. @throws {@link EventStoreUnavailableError} */
  head(): Promise<bigint>;
  /** Waits for the pending appends, and stops listening. The pool stays open. It never rejects. */
  close(): Promise<void>;
}

/**
 * Opens an event store in tables of its own, PostgreSQL 14 or later, for any number of processes. Needs the optional peer
 * `pg`.
 *
 * - Appends that arrive during a commit share the next transaction; the store decides each one separately.
 * - An advisory lock lets one writer of all processes write at a time, so that positions appear in order and without gaps.
 * - Where the `signal` of an append aborts before its transaction begins, the append rejects with the signal's reason and
 *   nothing was written. A later abort has no effect.
 * - Subscriptions receive events of this process at once, and events of other processes by LISTEN on one connection outside
 *   the pool, or by polling where the store cannot open this connection.
 * - Where the connection is lost before the rows are sent, the append rejects with {@link EventStoreUnavailableError} and
 *   nothing was written; after that it rejects with {@link OutcomeUnknownError}.
 *
 * @throws {@link InvalidArgumentError} for a malformed option, a database that is not UTF-8, or tables of a newer version
 * @throws {@link EventStoreAccessDeniedError} for a role that may not create or use the tables
 * @throws {@link EventStoreUnavailableError} where the server cannot be reached
 */
export async function postgresEventStore(options: PostgresEventStoreOptions): Promise<PostgresEventStore> {
  const {
    pool,
    migrate = true,
    generateID = randomUUID,
    schema: name = defaultSchema,
  } = readOptions(options, optionNames, 'postgresEventStore');
  const schema = requireSchemaName(name);
  requirePool(pool);
  requireFunction(generateID, 'generateID');
  requireBoolean(migrate, 'migrate');
  await prepareTables(pool, eventTables(schema), migrate);
  const changes = createChanges(pool, schema, backgroundClock());
  const followers = new Followers(changes.hasChanged);
  const groupCommit = createGroupCommit(pool, schema, (streams) => {
    followers.announce(streams);
  });
  const { local: _local, ...store } = localEventStore(
    createPostgresLog({ pool, schema, groupCommit, changes }),
    followers,
    generateID,
  );
  return store;
}
