import { expect } from 'chai';
import { postgresEventStore } from 'eventstore-actions/postgres';
import pg from 'pg';
import { openSchema, sharedPostgres } from './postgresServer.js';
import { readAll } from '../../../support/openActions.js';
import { event, failureOf, idsOf } from './probes.js';
import { until } from '../../../support/conditions.js';

describe('postgresEventStore and the rights of its role', () => {
  let schema: Awaited<ReturnType<typeof openSchema>>;
  let weak: pg.Pool;
  const role = `weak_${process.pid}`;

  before(async () => {
    schema = await openSchema();
    await schema.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'weak'`);
    const url = new URL(await sharedPostgres());
    url.username = role;
    url.password = 'weak';
    weak = schema.another({ connectionString: url.href });
  });
  after(async () => {
    await schema.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await schema.remove();
  });

  it('names the missing right of its role, and creates nothing', async () => {
    const opened = failureOf(() => postgresEventStore({ pool: weak, schema: `${schema.schema}_of_weak` }));
    expect(await opened).to.match(/^EVENT_STORE_ACCESS_DENIED: .*permission denied/);
  });

  it('works on tables that another role created, with the rights to read and write them', async () => {
    const owner = await postgresEventStore({ pool: schema.pool, schema: schema.schema });
    await schema.pool.query(
      `GRANT USAGE ON SCHEMA ${schema.schema} TO ${role};
       GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA ${schema.schema} TO ${role}`,
    );
    const store = await postgresEventStore({ pool: weak, schema: schema.schema, migrate: false });
    await store.append('order-1', [event()]);
    expect(await idsOf(owner, 'order-1')).to.have.lengthOf(1);
    await Promise.all([owner.close(), store.close()]);
  });

  it('says which right an append lacks, and writes nothing', async () => {
    const owner = await postgresEventStore({ pool: schema.pool, schema: schema.schema });
    const head = await owner.head();
    await schema.pool.query(`REVOKE INSERT ON ${schema.schema}.event FROM ${role}`);
    const store = await postgresEventStore({ pool: weak, schema: schema.schema, migrate: false });
    for (const appends of [1, 3])
      expect(
        new Set(
          await Promise.all(
            Array.from({ length: appends }, () => failureOf(() => store.append('order-2', [event()]))),
          ),
        ).size,
      ).to.equal(1);
    expect(await failureOf(() => store.append('order-2', [event()]))).to.match(
      /^EVENT_STORE_ACCESS_DENIED: .*permission denied for table event.*nothing was appended/,
    );
    expect(await owner.head()).to.equal(head);
    await schema.pool.query(`GRANT INSERT ON ${schema.schema}.event TO ${role}`);
    await store.append('order-2', [event()]);
    await Promise.all([owner.close(), store.close()]);
  });

  it('says that the server takes no more connections, and appends when the server takes connections again', async () => {
    const url = new URL(await sharedPostgres());
    url.username = role;
    url.password = 'weak';
    const crowded = schema.another({ connectionString: url.href, idleTimeoutMillis: 1 });
    const store = await postgresEventStore({ pool: crowded, schema: schema.schema, migrate: false });
    await schema.pool.query(`ALTER ROLE ${role} CONNECTION LIMIT 0`);
    await schema.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`,
    );
    await until(() => crowded.totalCount === 0);
    expect(await failureOf(() => store.append('order-3', [event()]))).to.match(
      /^EVENT_STORE_UNAVAILABLE: .*53300.*takes no more connections; nothing was appended/,
    );
    await schema.pool.query(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
    await store.append('order-3', [event()]);
    expect(await idsOf(store, 'order-3')).to.have.lengthOf(1);
    await store.close();
  });

  it('keeps two schemas of one database apart', async () => {
    const other = await openSchema();
    const first = await postgresEventStore({ pool: schema.pool, schema: schema.schema });
    const second = await postgresEventStore({ pool: other.pool, schema: other.schema });
    const before = await first.head();
    await second.append('order-7', [event(), event()]);
    expect(await first.head()).to.equal(before);
    expect(await idsOf(first, 'order-7')).to.deep.equal([]);
    expect(await second.head()).to.equal(2n);
    await Promise.all([first.close(), second.close()]);
    await other.remove();
  });

  it('parses its values itself, regardless of the parsers of the process or the pool', async () => {
    const odd = { getTypeParser: () => () => 'odd' };
    const store = await postgresEventStore({
      pool: schema.another({ types: odd }),
      schema: schema.schema,
    });
    const head = await store.head();
    const bytes = new Uint8Array([0, 255, 7]);
    const { position } = await store.append('order-9', [event(), { ...event(), data: bytes }]);
    expect(position).to.equal(head + 2n);
    const [first, second] = await readAll(store, 'order-9');
    expect(first).to.include({ version: 0n, position: head + 1n, type: 'noted' });
    expect(first?.created.getTime()).to.be.above(1_700_000_000_000);
    expect(second?.data).to.deep.equal(bytes);
    await store.close();
  });

  it('refuses a schema whose name the server keeps for itself', async () => {
    const { rows } = await schema.pool.query<{ readonly word: string }>(
      "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')",
    );
    for (const name of [...rows.map(({ word }) => word), 'pg_mine', 'information_schema'])
      expect(await failureOf(() => postgresEventStore({ pool: schema.pool, schema: name })), name).to.match(
        /^INVALID_ARGUMENT: schema cannot be .*nothing was created/,
      );
  });

  it('refuses a client in place of a pool', async () => {
    const client = new pg.Client({ connectionString: await sharedPostgres() });
    expect(await failureOf(() => postgresEventStore({ pool: client }))).to.match(
      /^INVALID_ARGUMENT: pool is a Pool/,
    );
    await client.end();
  });

  it('refuses a database that is not UTF-8, and options that are malformed', async () => {
    for (const name of ['', 'Upper', 'a-b', '1a', 'a'.repeat(64), 'a; DROP TABLE x'])
      expect(await failureOf(() => postgresEventStore({ pool: schema.pool, schema: name }))).to.match(
        /^INVALID_ARGUMENT/,
      );
    expect(await failureOf(() => postgresEventStore({ pool: undefined as never }))).to.match(
      /^INVALID_ARGUMENT/,
    );
    const database = `latin_${process.pid}`;
    await schema.pool.query(`CREATE DATABASE ${database} ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'`);
    const url = new URL(await sharedPostgres());
    url.pathname = database;
    const latin = new pg.Pool({ connectionString: url.href });
    expect(await failureOf(() => postgresEventStore({ pool: latin }))).to.match(
      /^INVALID_ARGUMENT: .*LATIN1/,
    );
    await latin.end();
    await schema.pool.query(`DROP DATABASE ${database}`);
  });
});
