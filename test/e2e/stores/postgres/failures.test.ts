import { expect } from 'chai';
import { createActions } from 'eventstore-actions';
import { postgresEventStore } from 'eventstore-actions/postgres';
import type pg from 'pg';
import { lockKey } from '../../../../src/stores/postgres/eventTables.js';
import { openSchema, sharedPostgres } from './postgresServer.js';
import { readAll } from '../../../support/openActions.js';
import { event, failureOf, idsOf } from './probes.js';
import { openWire, type Wire } from './wire.js';
import { until } from '../../../support/conditions.js';

describe('postgresEventStore when something fails', () => {
  let schema: Awaited<ReturnType<typeof openSchema>>;
  let wire: Wire;
  let wired: pg.Pool;

  beforeEach(async () => {
    schema = await openSchema();
    wire = await openWire(await sharedPostgres());
    wired = schema.another({ connectionString: wire.connectionString });
  });
  afterEach(async () => {
    await schema.remove();
    await wire.close();
  });

  const open = (pool: pg.Pool = schema.pool) => postgresEventStore({ pool, schema: schema.schema });

  it('writes nothing and says so where the connection is cut before the commit', async () => {
    const store = await open(wired);
    const first = event();
    wire.faults.push({ text: 'pg_advisory_xact_lock', then: 'before' });
    expect(await failureOf(() => store.append('order-1', [first]))).to.match(
      /^EVENT_STORE_UNAVAILABLE: .*nothing was appended/,
    );
    expect(await idsOf(store, 'order-1')).to.deep.equal([]);
    await store.append('order-1', [first]);
    expect(await idsOf(store, 'order-1')).to.deep.equal([first.id]);
    await store.close();
  });

  it('reports an unknown outcome where the message with the rows and the commit is lost', async () => {
    const store = await open(wired);
    const first = event();
    wire.faults.push({ text: 'INSERT INTO', then: 'before' });
    expect(await failureOf(() => store.append('order-1', [first]))).to.match(/^OUTCOME_UNKNOWN: .*order-1/);
    expect(await idsOf(store, 'order-1')).to.deep.equal([]);
    await store.append('order-1', [first]);
    expect(await idsOf(store, 'order-1')).to.deep.equal([first.id]);
    await store.close();
  });

  it('says that the outcome is unknown where the connection is cut in the commit, which may be written', async () => {
    const store = await open(wired);
    const events = [event(), event()];
    wire.faults.push({ text: 'COMMIT\0', then: 'after' });
    expect(await failureOf(() => store.append('order-1', events, { expectedVersion: 'no-stream' }))).to.match(
      /^OUTCOME_UNKNOWN: .*order-1/,
    );
    // A repeat with the same ids and expectation finds them and writes nothing.
    const { version } = await store.append('order-1', events, { expectedVersion: 'no-stream' });
    expect(version).to.equal(1n);
    expect(await idsOf(store, 'order-1')).to.deep.equal(events.map(({ id }) => id));
    await store.close();
  });

  it('answers each append of a group whose commit was cut', async () => {
    const store = await open(wired);
    wire.faults.push({ text: 'COMMIT\0', then: 'before' });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => failureOf(() => store.append(`order-${index}`, [event()]))),
    );
    expect(new Set(outcomes.map((outcome) => outcome.split(':')[0]))).to.deep.equal(
      new Set(['OUTCOME_UNKNOWN']),
    );
    await store.close();
  });

  it('repeats a command of the library whose commit was cut, and makes one target', async () => {
    const store = await open(wired);
    const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
    wire.faults.push({ text: 'COMMIT\0', then: 'after' }, { text: 'COMMIT\0', then: 'after' });
    const { id } = await actions.targets.add({
      name: 'crm',
      type: 'async',
      endpoint: 'https://crm.example/',
    });
    expect((await actions.targets.list()).items.map((target) => target.id)).to.deep.equal([id]);
    expect(wire.faults).to.deep.equal([]);
    await actions.close();
    await store.close();
  });

  it('goes on following after all its connections were cut', async () => {
    const store = await open(wired);
    const writer = await open();
    const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
    const others = await createActions({ eventStore: writer, keyring: 'plaintext' });
    wire.cutAll();
    const { position } = await others.targets.add({
      name: 'crm',
      type: 'async',
      endpoint: 'https://crm.example/',
    });
    await actions.whenApplied(position);
    expect((await actions.targets.list()).items).to.have.lengthOf(1);
    await actions.close();
    await others.close();
    await Promise.all([store.close(), writer.close()]);
  });

  it('writes the other appends of a group when PostgreSQL refuses one', async () => {
    const store = await open();
    const results = await Promise.all([
      failureOf(() => store.append('order-1', [event()])),
      failureOf(() => store.append('order-2', [event('with \u0000 in it')])),
      failureOf(() => store.append('order-3', [event()])),
    ]);
    expect(results.map((result) => result.split(':')[0])).to.deep.equal(['none', 'INVALID_ARGUMENT', 'none']);
    await store.close();
  });

  it("passes on the server's error for a full disk, and writes when there is room again", async () => {
    const store = await open();
    await schema.pool.query(
      `CREATE FUNCTION ${schema.schema}.full() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
       CREATE TRIGGER full_disk BEFORE INSERT ON ${schema.schema}.event EXECUTE FUNCTION ${schema.schema}.full()`,
    );
    expect(await failureOf(() => store.append('order-1', [event()]))).to.match(
      /^EVENT_STORE_UNAVAILABLE: .*53100.*disk of the server is full; nothing was appended/,
    );
    await schema.pool.query(`DROP TRIGGER full_disk ON ${schema.schema}.event`);
    await store.append('order-1', [event()]);
    expect(await idsOf(store, 'order-1')).to.have.lengthOf(1);
    await store.close();
  });

  it('stores text that looks like SQL unchanged, also when the server reads backslashes in strings', async () => {
    const pool = schema.another({ options: '-c standard_conforming_strings=off' });
    const store = await open(pool);
    const texts = ["'); DROP SCHEMA public; --", '\\', "\\'", '$$', '$q$', '"', '\\x41', 'é\n😀'];
    for (const text of texts) {
      const stored = { ...event(text), data: { text, bytes: 0 }, metadata: { text } };
      await store.append(`of-${text}`, [stored, { ...event(text), data: Buffer.from(text) }]);
      const [json, bytes] = await readAll(store, `of-${text}`);
      expect(json).to.deep.include({ ...stored, stream: `of-${text}` });
      expect(bytes?.data).to.deep.equal(new Uint8Array(Buffer.from(text)));
    }
    await store.close();
    const drawing = await postgresEventStore({
      pool,
      schema: schema.schema,
      generateID: () => "x'); COMMIT; --",
    });
    expect(await failureOf(() => drawing.append('order-1', [{ type: 'noted', data: 1 }]))).to.match(
      /^INVALID_ARGUMENT: .*order-1.*nothing was appended/,
    );
    expect(await idsOf(drawing, 'order-1')).to.deep.equal([]);
    await drawing.close();
  });

  it("obeys the pool's statement timeout while another holds the lock of the writers", async () => {
    const single = schema.another({ max: 1 });
    const store = await open(single);
    await single.query('SET statement_timeout = 100');
    const holder = await schema.pool.connect();
    await holder.query(`BEGIN; SELECT pg_advisory_xact_lock(${lockKey(schema.schema)})`);
    expect(await failureOf(() => store.append('order-1', [event()]))).to.match(
      /^EVENT_STORE_UNAVAILABLE: .*57014/,
    );
    await holder.query('ROLLBACK');
    holder.release();
    // An append that waits for no lock may take longer too, on a busy machine.
    await single.query('SET statement_timeout = 0');
    await store.append('order-1', [event()]);
    expect(await idsOf(store, 'order-1')).to.have.lengthOf(1);
    await store.close();
  });

  it('lets other writers continue when a writer that holds the lock stops answering', async () => {
    const silent = await open(wired);
    const store = await open();
    wire.faults.push({ text: 'INSERT INTO', then: 'silence' });
    const stuck = failureOf(() => silent.append('order-1', [event()]));
    await until(() => wire.faults.length === 0);
    // The server ends the silent transaction after 10 s; until then each append waits 5 s and then fails.
    const again = event();
    await until(async () => {
      const append = () => store.append('order-1', [again], { expectedVersion: 'no-stream' });
      return (await failureOf(append)) === 'none';
    }, 100_000);
    expect(await idsOf(store, 'order-1')).to.have.lengthOf(1);
    wire.cutAll();
    expect(await stuck).to.match(/^OUTCOME_UNKNOWN/);
    await Promise.all([silent.close(), store.close()]);
  }).timeout(120_000);
});
