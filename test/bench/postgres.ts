/**
 * `npm run bench:postgres`: durable appends of one event, to streams of their own, with 1 and 64 writers: our store
 * against Emmett's and bare INSERTs, each its own transaction, on one PostgreSQL with fsync on, in turns of one
 * run.
 */
import { loadavg } from 'node:os';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { postgresEventStore } from '../../src/stores/postgres/index.js';
import { startPostgres } from '../e2e/stores/postgres/postgresServer.js';
import { measure, median, type Contender } from './rounds.js';

const data = {
  customer: 'c-1',
  lines: Array.from({ length: 10 }, (_, n) => ({ product: `p-${n}`, quantity: n, note: 'x'.repeat(60) })),
};

const appendsOf = (writers: number): number => (writers === 1 ? 150 : 3_000);
const rounds = 3;

const server = await startPostgres();
const { connectionString } = server;
const pool = new pg.Pool({ connectionString, max: 64 });
const ours = await postgresEventStore({ pool });
const emmett = getPostgreSQLEventStore(connectionString);
await emmett.schema.migrate();
await pool.query(
  'CREATE TABLE bare (id uuid PRIMARY KEY, stream text NOT NULL, type text NOT NULL, data text NOT NULL)',
);

const stores: Readonly<Record<string, (stream: string) => Promise<unknown>>> = {
  postgresEventStore: (stream) => ours.append(stream, [{ type: 'order.placed', data }]),
  "Emmett's store": (stream) => emmett.appendToStream(stream, [{ type: 'order.placed', data }]),
  'bare INSERTs': (stream) =>
    pool.query('INSERT INTO bare VALUES ($1, $2, $3, $4)', [
      randomUUID(),
      stream,
      'order.placed',
      JSON.stringify(data),
    ]),
};

for (const writers of [1, 64]) {
  const contenders = Object.entries(stores).map(([name, append]): Contender => ({
    name,
    async run() {
      let left = appendsOf(writers);
      const run = randomUUID();
      const write = async (_: unknown, writer: number): Promise<void> => {
        for (let each = 0; left-- > 0; each++) await append(`order-${run}-${writer}-${each % 100}`);
      };
      await Promise.all(Array.from({ length: writers }, write));
      return appendsOf(writers);
    },
  }));
  const rates = await measure(contenders, rounds);
  const rateOf = (name: string): number => median(rates.get(name) ?? []);
  const [first = ''] = Object.keys(stores);
  console.log(`${writers} writers, load ${loadavg()[0]?.toFixed(1)}`);
  for (const name of Object.keys(stores))
    console.log(
      `  ${name.padEnd(20)}${Math.round(rateOf(name))} appends/s; ours is ${(rateOf(first) / rateOf(name)).toFixed(2)} times that`,
    );
}
await ours.close();
await emmett.close();
await pool.end();
// Emmett does not wait for its connections to end, and a connection that the server ends would end this process.
const last = new pg.Client({ connectionString });
await last.connect();
const others = `SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;
for (let tries = 0; tries < 100 && (await last.query(others)).rowCount !== 0; tries++) await pause(50);
await last.end();
await server.remove();
