import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { InvalidArgumentError } from '../../errors.js';
import { requireText } from '../../events/proposedAppend.js';
import type { EventStore } from '../../ports.js';
import { requirePool, type PostgresPool } from '../postgres/pool.js';
import { requireSchemaName } from '../postgres/eventTables.js';
import { before } from './logPlace.js';
import { createMessageTable } from './messageTable.js';
import { readMessages } from './readMessages.js';
import { followMessages } from './followMessages.js';
import { shownValue } from '../../lib/reading/shownValue.js';

/** The options of {@link emmettPostgreSQLSource}. */
export interface EmmettPostgreSQLSourceOptions {
  /** A `Pool` of the `pg` package, to the database of Emmett's event store. It stays open. */
  readonly pool: PostgresPool;
  /** The schema of Emmett's tables. @defaultValue `'public'` */
  readonly schema?: string;
  /** The partition of Emmett's tables. @defaultValue `'emt:default'` */
  readonly partition?: string;
  /** How often a subscription looks for new events. Milliseconds, at least 1. @defaultValue `100` */
  readonly pollMs?: number;
}

const optionNames: OptionNames<EmmettPostgreSQLSourceOptions> = {
  pool: true,
  schema: true,
  partition: true,
  pollMs: true,
};

/** The reads of durable delivery from an Emmett store on PostgreSQL. */
export type EmmettPostgreSQLSource = Required<Pick<EventStore, 'subscribe' | 'readStream' | 'head'>>;

/**
 * The events of Emmett's PostgreSQL store, for `createDeliveries({ source })`. Needs the optional peer `pg`; tested with
 * Emmett 0.42.
 *
 * The source yields events in the order of transactions, then of global positions, and an event only after every
 * transaction before its own has ended: no event appears later in front of an event that was yielded. An event that a long
 * transaction appended to a stream after newer transactions comes after their events, as in its stream. A transaction that
 * stays open therefore holds back the events of all transactions that began after it; no event is lost.
 *
 * Positions are opaque and have up to 128 bits. They are valid in one database cluster: a database that was restored from a
 * dump starts counting transactions at the beginning again.
 *
 * @throws {@link InvalidArgumentError} for a malformed option
 */
export function emmettPostgreSQLSource(options: EmmettPostgreSQLSourceOptions): EmmettPostgreSQLSource {
  const {
    pool,
    pollMs = 100,
    schema = 'public',
    partition = 'emt:default',
  } = readOptions(options, optionNames, 'emmettPostgreSQLSource');
  requirePool(pool);
  if (!Number.isFinite(pollMs) || pollMs < 1)
    throw new InvalidArgumentError(
      `pollMs is a number of milliseconds, at least 1, not ${shownValue(pollMs)}; nothing was opened`,
    );
  const table = createMessageTable(pool, {
    schema: requireSchemaName(schema),
    partition: requireText(partition, 'partition'),
  });
  return {
    subscribe: (asked) => followMessages(table, pollMs, asked),
    readStream: (stream, asked) => readMessages(table, stream, asked),
    async head() {
      const { oldestRunning } = await table.transactions();
      return before(oldestRunning);
    },
  };
}
