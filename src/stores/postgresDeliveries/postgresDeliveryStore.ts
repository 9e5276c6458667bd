import { decode, encode } from '../../deliveries/store/codec.js';
import type { DeliveryRequest, DeliveryStore, WorkerBeat } from '../../deliveries/store/deliveryStore.js';
import { requireBoolean } from '../../lib/reading/reading.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requirePool, type PostgresPool } from '../postgres/pool.js';
import { defaultSchema, requireSchemaName } from '../postgres/eventTables.js';
import { createDeadLetters } from './deadLetters.js';
import { createLeases } from './leases.js';
import { createQuestions } from './questions.js';
import { keptText } from './text.js';

/** The options of {@link postgresDeliveryStore}. */
export interface PostgresDeliveryStoreOptions {
  /** A `Pool` of the `pg` package. It stays open when the store is closed. A pool of one connection is enough. */
  readonly pool: PostgresPool;
  /**
   * The schema of the tables: lower-case letters, digits and underscores, at most 63. Workers with the same schema share
   * the work. The schema may be the one of `postgresEventStore`.
   * @defaultValue `'eventstore_actions'`
   */
  readonly schema?: string;
  /**
   * Creates the tables where they are missing. With `false`, run the statements that `eventstore-actions postgres schema`
   * prints.
   * @defaultValue `true`
   */
  readonly migrate?: boolean;
}

const optionNames: OptionNames<PostgresDeliveryStoreOptions> = { pool: true, schema: true, migrate: true };

/**
 * Keeps the progress of durable delivery in tables of its own, PostgreSQL 14 or later, for any number of workers on any
 * number of machines. The first use creates the tables. The store keeps the progress of deliveries and no content of
 * events.
 *
 * The store closes a connection whose server does not answer within 5 s; workers continue when the server is back.
 *
 * @throws {@link InvalidArgumentError} for a malformed option
 */
export function postgresDeliveryStore(options: PostgresDeliveryStoreOptions): DeliveryStore {
  const {
    pool,
    migrate = true,
    schema: name = defaultSchema,
  } = readOptions(options, optionNames, 'postgresDeliveryStore');
  requirePool(pool);
  requireBoolean(migrate, 'migrate');
  const schema = requireSchemaName(name);
  const questions = createQuestions(pool, schema, migrate);
  return {
    timing: { commitMs: 250, leaseMs: 10_000 },
    ...createLeases(questions),
    ...createDeadLetters(questions),
    workers: () =>
      questions.rows<WorkerBeat>(
        `SELECT id, host, process::float8 AS process, started, beat::float8 AS beat FROM ${schema}.delivery_worker`,
      ),
    beat: ({ id, host, process, started, beat }) =>
      questions.run(
        `INSERT INTO ${schema}.delivery_worker (id, host, process, started, beat) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET host = excluded.host, process = excluded.process, started = excluded.started,
           beat = excluded.beat`,
        [id, host, process, started, beat],
      ),
    leave: (workerID) => questions.run(`DELETE FROM ${schema}.delivery_worker WHERE id = $1`, [workerID]),
    request: (request) =>
      questions.run(
        `INSERT INTO ${schema}.delivery_request (id, partition, json) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`,
        [keptText(request.id), request.partition, encode(request)],
      ),
    async requests(partition) {
      const found = await questions.rows<{ readonly json: string }>(
        `SELECT json FROM ${schema}.delivery_request WHERE partition = $1 ORDER BY number`,
        [partition],
      );
      return found.map(({ json }) => decode(json) as DeliveryRequest);
    },
    close() {
      questions.close();
      return Promise.resolve();
    },
  };
}
