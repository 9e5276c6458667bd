import { EventStoreUnavailableError } from '../../errors.js';
import { backgroundClock } from '../../lib/clock.js';
import { unavailable } from '../postgres/postgresErrors.js';
import { rowsOf, withPatience, type PostgresClient, type PostgresPool } from '../postgres/pool.js';
import { prepareTables } from '../postgres/prepareTables.js';
import { deliveriesIn, deliveryTables } from './deliveryTables.js';

/** How long the store waits for an answer of the server; shorter than a lease. Milliseconds. */
const patienceMs = 5_000;

/** The queries of the store to the server. A failed query rejects with the error that the port defines. */
export interface Questions {
  readonly schema: string;
  /** Lends a connection to `action`, for several statements. */
  ask<Result>(action: (client: PostgresClient) => Promise<Result>): Promise<Result>;
  rows<Result>(sql: string, values?: readonly unknown[]): Promise<readonly Result[]>;
  run(sql: string, values?: readonly unknown[]): Promise<void>;
  close(): void;
}

export function createQuestions(pool: PostgresPool, schema: string, migrate: boolean): Questions {
  const patience = { clock: backgroundClock(), milliseconds: patienceMs };
  let isClosed = false;
  let prepared: Promise<void> | undefined;

  /** Prepares the tables once. After a failure the next query tries again. */
  function prepare(): Promise<void> {
    prepared ??= prepareTables(pool, deliveryTables(schema), migrate).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  }

  async function ask<Result>(action: (client: PostgresClient) => Promise<Result>): Promise<Result> {
    if (isClosed) throw new EventStoreUnavailableError('this delivery store is closed', { closed: true });
    await prepare();
    try {
      return await withPatience(pool, patience, action);
    } catch (error) {
      throw unavailable(error, deliveriesIn(schema));
    }
  }

  const rows: Questions['rows'] = <Result>(sql: string, values: readonly unknown[] = []) =>
    ask((client) => rowsOf<Result>(client, sql, values));
  return {
    schema,
    ask,
    rows,
    async run(sql, values) {
      await rows(sql, values);
    },
    close() {
      isClosed = true;
    },
  };
}
