import { getPostgreSQLEventStore, type PostgresEventStore } from '@event-driven-io/emmett-postgresql';
import { randomUUID } from 'node:crypto';
import type { RecordedEvent, SubscriptionMessage } from 'eventstore-actions';
import { emmettPostgreSQLSource, type EmmettPostgreSQLSource } from 'eventstore-actions/postgres';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { openDatabase } from '../postgres/postgresServer.js';

const ours = 'the tests';

/** A database of its own with Emmett's tables. */
export interface EmmettDatabase {
  readonly connectionString: string;
  readonly pool: pg.Pool;
  readonly store: PostgresEventStore;
  readonly source: EmmettPostgreSQLSource;
  /** A connection whose transaction the test begins. */
  session(): Promise<Session>;
  close(): Promise<void>;
}

/** A transaction of some client of the database, which appends as Emmett does. */
export interface Session {
  begin(): Promise<void>;
  append(stream: string, ...marks: readonly string[]): Promise<void>;
  end(how: 'COMMIT' | 'ROLLBACK'): Promise<void>;
  release(): void;
}

export async function openEmmett(): Promise<EmmettDatabase> {
  const { connectionString, remove } = await openDatabase();
  const pool = new pg.Pool({ connectionString, max: 12, application_name: ours });
  pool.on('error', () => undefined);
  const store = getPostgreSQLEventStore(connectionString);
  await store.schema.migrate();
  return {
    connectionString,
    pool,
    store,
    source: emmettPostgreSQLSource({ pool, pollMs: 5 }),
    async session() {
      const client = await pool.connect();
      return {
        // Draw the number of the transaction now, as a session that has written something else does.
        async begin() {
          await client.query('BEGIN; SELECT pg_current_xact_id()');
        },
        async append(stream, ...marks) {
          await client.query(
            `SELECT success FROM emt_append_to_stream($1::text[], $2::jsonb[], array_fill('{}'::jsonb, $3::int[]),
               array_fill('1'::text, $3::int[]), array_fill('order.placed'::text, $3::int[]), array_fill('E'::text, $3::int[]),
               $4::text, 'order', NULL::bigint, 'emt:default')`,
            [
              marks.map(() => randomUUID()),
              marks.map((mark) => JSON.stringify({ mark })),
              [marks.length],
              stream,
            ],
          );
        },
        async end(how) {
          await client.query(how);
        },
        release: () => client.release(),
      };
    },
    async close() {
      await store.close();
      await isAlone(pool);
      await pool.end();
      await remove();
    },
  };
}

/**
 * Emmett ends its connections without waiting for them: a connection that the server cuts off would end the
 * process.
 */
async function isAlone(pool: pg.Pool): Promise<void> {
  for (let tries = 0; tries < 3_000; tries++) {
    const { rows } = await pool.query<{ readonly others: number }>(
      `SELECT count(*)::int AS others FROM pg_stat_activity WHERE datname = current_database() AND application_name <> $1
         AND backend_type = 'client backend'`,
      [ours],
    );
    if (rows[0]?.others === 0) return;
    await pause(10);
  }
}

/** The messages of a subscription until it has caught up. */
export async function told(
  source: EmmettPostgreSQLSource,
  after = 0n,
  prefixes?: readonly string[],
): Promise<readonly RecordedEvent[]> {
  const left = new AbortController();
  const events: RecordedEvent[] = [];
  const messages: AsyncIterable<SubscriptionMessage> = source.subscribe({
    after,
    signal: left.signal,
    ...(prefixes && { prefixes }),
  });
  for await (const message of messages) {
    if ('caughtUp' in message) break;
    if ('stream' in message) events.push(message);
  }
  left.abort();
  return events;
}

export const markOf = ({ data }: RecordedEvent): string => (data as { readonly mark: string }).mark;
