import { expect } from 'chai';
import { postgresEventStore } from 'eventstore-actions/postgres';
import pg from 'pg';
import { openSchema, sharedPostgres, stopSharedPostgres } from './postgresServer.js';
import { event, failureOf, idsOf } from './probes.js';

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

  it('says what a role may not do, and creates nothing', async () => {
    const opened = failureOf(() => postgresEventStore({ pool: weak, schema: `${schema.schema}_of_weak` }));
    expect(await opened).to.match(/^EVENT_STORE_ACCESS_DENIED: .*permission denied/);
  });

  it('works on tables that another role made, with the rights to read and write them', async () => {
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

after(stopSharedPostgres);
