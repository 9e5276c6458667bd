import { InvalidArgumentError } from '../../errors.js';
import { unavailable, type FailingPlace } from './postgresErrors.js';
import { backgroundClock } from '../../lib/clock.js';
import { rowsOf, withPatience, type PostgresClient, type PostgresPool } from './pool.js';

/** The tables of one store in a schema. */
export interface TableSet {
  readonly schema: string;
  /** The SQL that creates the tables. Running it again changes nothing. */
  readonly sql: string;
  /** The table with the version of the format, and the version that this library writes. */
  readonly format: { readonly table: string; readonly version: number };
  /** The last object that the SQL creates before the row of the format. */
  readonly last: string;
  readonly place: FailingPlace;
  /** The key of the advisory lock that is held during creation. */
  readonly lock: string;
}

/** How long to wait for the server, including the creation of tables. Milliseconds. */
const patienceMs = 30_000;

/**
 * Creates the tables where they are missing, and checks that this version of the library supports their format.
 *
 * @throws {@link InvalidArgumentError} for tables of a newer version, or a database that is not UTF-8
 * @throws {@link EventStoreAccessDeniedError} {@link EventStoreUnavailableError}
 */
export async function prepareTables(pool: PostgresPool, tables: TableSet, migrate: boolean): Promise<void> {
  const patience = { clock: backgroundClock(), milliseconds: patienceMs };
  try {
    await withPatience(pool, patience, (client) => prepare(client, tables, migrate));
  } catch (error) {
    throw unavailable(error, tables.place);
  }
}

async function prepare(client: PostgresClient, tables: TableSet, migrate: boolean): Promise<void> {
  const { schema, sql, format, place, lock } = tables;
  const [encoding] = await rowsOf<{ readonly server_encoding: string }>(client, 'SHOW server_encoding');
  if (encoding?.server_encoding !== 'UTF8')
    throw new InvalidArgumentError(
      `the database has the encoding ${String(encoding?.server_encoding)}; ${place.subject} needs UTF8; nothing was created`,
    );
  // Several processes may start at once: the first one creates the tables.
  if (!(await areThere(client, tables)) && migrate)
    await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${lock}); ${sql} COMMIT;`);
  const [found] = await rowsOf<{ readonly version: number }>(
    client,
    `SELECT version FROM ${schema}.${format.table}`,
  );
  if (found !== undefined && found.version > format.version)
    throw new InvalidArgumentError(
      `${place.subject} has format ${found.version}, this version of eventstore-actions knows formats up to ` +
        `${format.version}: update eventstore-actions; nothing was changed`,
    );
}

/** A role without the right to create tables can use existing tables. */
async function areThere(client: PostgresClient, { schema, format, last }: TableSet): Promise<boolean> {
  const [row] = await rowsOf<{ readonly present: boolean }>(
    client,
    `SELECT to_regclass('${schema}.${last}') IS NOT NULL AND to_regclass('${schema}.${format.table}') IS NOT NULL AS present`,
  );
  return row?.present === true;
}
