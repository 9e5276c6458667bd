import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { isActionsError, type Commit, type DeliveryStore, type LaneRow } from 'eventstore-actions';
import { deliverySchemaSQL, postgresDeliveryStore, postgresEventStore } from 'eventstore-actions/postgres';
import type pg from 'pg';
import { commitStatement } from '../../../../src/stores/postgresDeliveries/commitStatement.js';
import { durable, openDeliveries } from '../../../deliveries/openDeliveries.js';
import { openSchema, sharedPostgres } from './postgresServer.js';
import { openWire, type Wire } from './wire.js';
import { until } from '../../../support/conditions.js';

const lane = (stream: string, head: bigint): LaneRow => ({
  instanceID: 'default',
  targetID: 't',
  stream,
  replay: '',
  unit: '',
  head,
  isDone: false,
  eventID: 'e',
  eventType: 'order.placed',
  created: 1,
  attempts: 0,
  faults: 0,
  firstAt: 0,
  nextAt: 0,
  state: 'waiting',
  status: 0,
  reason: '',
});

const commitOf = (epoch: bigint, change: Partial<Commit['change']>): Commit => ({
  partition: 3,
  workerID: 'a',
  epoch,
  parked: [],
  removed: [],
  answered: [],
  failures: [],
  change: { position: 1n, putCursors: [], removeCursors: [], putLanes: [], removeLanes: [], ...change },
});

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (isActionsError(error) ? `${error.code}: ${error.detail}` : String(error)),
  );

async function claimed(store: DeliveryStore): Promise<bigint> {
  const claim = await store.claim({ partition: 3, workerID: 'a', epoch: 0n });
  if (!claim) throw new Error('a free partition was not claimed');
  return claim.epoch;
}

describe('postgresDeliveryStore when something fails', () => {
  let schema: Awaited<ReturnType<typeof openSchema>>;
  let wire: Wire;
  let wired: DeliveryStore;
  let store: DeliveryStore;

  beforeEach(async () => {
    schema = await openSchema();
    wire = await openWire(await sharedPostgres());
    wired = postgresDeliveryStore({
      pool: schema.another({ connectionString: wire.connectionString }),
      schema: schema.schema,
    });
    store = postgresDeliveryStore({ pool: schema.pool, schema: schema.schema });
  });
  afterEach(async () => {
    await schema.remove();
    await wire.close();
  });

  const lanesOf = async (): Promise<readonly string[]> =>
    ((await store.state(3))?.lanes ?? []).map(({ stream, head }) => `${stream} ${head}`).sort();

  for (const then of ['before', 'after'] as const)
    it(`repeats a commit whose connection was cut ${then} the commit reached the server, and writes the commit once`, async () => {
      const commit = commitOf(await claimed(wired), { position: 7n, putLanes: [lane('order-1', 2n)] });
      wire.faults.push({ text: 'delivery_partition SET position', then });
      expect(await codeOf(wired.commit(commit))).to.match(/^EVENT_STORE_UNAVAILABLE: the delivery store/);
      expect(await wired.commit(commit)).to.equal(true);
      expect(await lanesOf()).to.deep.equal(['order-1 2']);
      expect(
        await wired.commit(commitOf(commit.epoch, { position: 8n, removeLanes: commit.change.putLanes })),
      ).to.equal(true);
      expect(await lanesOf()).to.deep.equal([]);
    });

  it('ignores a commit that reaches the server after later commits, however late', async () => {
    const epoch = await claimed(store);
    const late = commitOf(epoch, {
      position: 7n,
      putLanes: [lane('order-1', 2n)],
      removeLanes: [lane('order-2', 1n)],
    });
    await store.commit(late);
    // The repeat and two more commits were written meanwhile: the lane of order-2 is open again.
    await store.commit(late);
    await store.commit(
      commitOf(epoch, { position: 9n, putLanes: [lane('order-2', 5n)], removeLanes: [lane('order-1', 2n)] }),
    );
    const again = commitStatement(schema.schema, late, '0');
    const { rows } = await schema.pool.query(again.text('SELECT commits FROM held'), again.values);
    expect(rows).to.deep.equal([]);
    expect(await lanesOf()).to.deep.equal(['order-2 5']);
    expect((await store.state(3))?.position).to.equal(9n);
  });

  it('gives up on a silent server, and works on another connection', async () => {
    const epoch = await claimed(wired);
    wire.faults.push({ text: 'delivery_partition SET position', then: 'silence' });
    expect(await codeOf(wired.commit(commitOf(epoch, {})))).to.match(/no answer within 5000 ms/);
    expect(await wired.commit(commitOf(epoch, {}))).to.equal(true);
  }).timeout(120_000);

  it('lets one of many stores that start at once create the tables', async () => {
    const stores = Array.from({ length: 8 }, () =>
      postgresDeliveryStore({ pool: schema.another({ max: 1 }), schema: schema.schema }),
    );
    await Promise.all(
      stores.map((each, place) => each.beat({ id: `w${place}`, host: '', process: 1, started: '', beat: 1 })),
    );
    expect(await store.workers()).to.have.lengthOf(8);
  });

  it('names the missing right of its role, and works on tables that another role created', async () => {
    const role = `teller_${process.pid}`;
    await schema.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'weak'`);
    const url = new URL(await sharedPostgres());
    Object.assign(url, { username: role, password: 'weak' });
    const pool = schema.another({ connectionString: url.href });
    const weak = postgresDeliveryStore({ pool, schema: schema.schema });
    expect(await codeOf(weak.partitions())).to.match(/^EVENT_STORE_ACCESS_DENIED: .*permission denied/);
    const unmigrated = postgresDeliveryStore({ pool: schema.pool, schema: schema.schema, migrate: false });
    expect(await codeOf(unmigrated.partitions())).to.match(/^EVENT_STORE_UNAVAILABLE: .*postgres schema/);
    await schema.pool.query(`${deliverySchemaSQL(schema.schema)}
      GRANT USAGE ON SCHEMA ${schema.schema} TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema.schema} TO ${role}`);
    const epoch = await claimed(weak);
    const failure = {
      deliveryID: 'd',
      instanceID: 'default',
      targetID: 't',
      at: 1,
      attempt: 1,
      durationMs: 1.5,
    };
    const commit = {
      ...commitOf(epoch, { putLanes: [lane('order-1', 1n)], removeLanes: [lane('order-9', 1n)] }),
      removed: ['msg_1'],
      answered: ['r1'],
      failures: [{ ...failure, status: 500, reason: 'status' }],
    };
    expect(await weak.commit(commit)).to.equal(true);
    await schema.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  it('keeps the latest failures only', async () => {
    const epoch = await claimed(store);
    const failure = {
      deliveryID: 'd',
      instanceID: 'default',
      targetID: 't',
      at: 1,
      attempt: 1,
      durationMs: 1.5,
    };
    const failures = Array.from({ length: 5_000 }, () => ({ ...failure, status: 500, reason: 'status' }));
    for (let round = 0; round < 3; round++) await store.commit({ ...commitOf(epoch, {}), failures });
    for (let round = 0; round < 6; round++)
      await store.commit({ ...commitOf(epoch, {}), failures: failures.slice(0, 1) });
    const { rows } = await schema.pool.query<{ readonly count: string }>(
      `SELECT count(*) FROM ${schema.schema}.delivery_attempt_log`,
    );
    expect(Number(rows[0]?.count)).to.be.within(10_000, 10_001);
  });

  it('has no partition in common with another schema', async () => {
    const other = await openSchema();
    const second = postgresDeliveryStore({ pool: other.pool, schema: other.schema });
    await claimed(store);
    expect(await second.partitions()).to.deep.equal([]);
    expect(await claimed(second)).to.equal(1n);
    await other.remove();
  });
});

describe('durable delivery on PostgreSQL', () => {
  it('delivers everything in order while its connections are ended, events and progress on a pool of one', async () => {
    const { schema, pool, another, remove } = await openSchema();
    const single: pg.Pool = another({ max: 1, application_name: schema });
    const eventStore = await postgresEventStore({ pool: single, schema });
    const opened = await openDeliveries(
      { store: postgresDeliveryStore({ pool: single, schema }) },
      { eventStore },
    );
    const [{ server }] = (await opened.call({ event: { group: 'order' } }, durable)) as [
      Awaited<ReturnType<typeof opened.add>>,
    ];
    const worker = await opened.work();
    let appended = 0;
    for (let round = 0; round < 40 || appended <= 20; round++) {
      const stream = `order-${round % 4}`;
      const event = { id: randomUUID(), type: 'order.placed', data: { round } };
      // Without an expectation a repeat could be written twice, so look for the id first.
      if ((await codeOf(eventStore.append(stream, [event]))) === 'none') appended += 1;
      if (round % 5 === 0 && round < 40)
        await pool.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
          [schema],
        );
    }
    const stored: string[] = [];
    for (let stream = 0; stream < 4; stream++)
      for await (const { id } of eventStore.readStream(`order-${stream}`)) stored.push(id);
    const bodies = () =>
      server.received.map(
        ({ body }) => JSON.parse(body) as { event_id: string; stream: string; sequence: number },
      );
    const told = () => new Set(bodies().map(({ event_id }) => event_id));
    await until(() => told().size >= stored.length, 100_000);
    expect([...told()].sort()).to.deep.equal([...stored].sort());
    const last = new Map<string, number>();
    for (const { stream, sequence } of bodies()) {
      // Repeats are allowed; an event before its predecessor is not.
      expect(sequence).to.be.at.most((last.get(stream) ?? -1) + 1);
      last.set(stream, Math.max(sequence, last.get(stream) ?? -1));
    }
    await worker.stop();
    await opened.actions.close();
    await eventStore.close();
    await remove();
  }).timeout(180_000);

  it('stops at once when the pool of its progress is ended', async () => {
    const { schema, another, remove } = await openSchema();
    const pool = another();
    const opened = await openDeliveries({ store: postgresDeliveryStore({ pool, schema }) });
    const [{ server }] = (await opened.call({ event: { group: 'order' } }, durable)) as [
      Awaited<ReturnType<typeof opened.add>>,
    ];
    // So long that only `stop()` commits, which waits up to 15 s for a commit by default.
    const worker = await opened.work({ commitMs: 3_600_000, drainMs: 10_000 });
    await opened.guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
    await server.whenReceived(1);
    await worker.whenIdle();
    await pool.end();
    expect(await codeOf(opened.deliveryStore.workers())).to.match(/the pool of PostgreSQL was ended/);
    await worker.stop();
    await opened.actions.close();
    await remove().catch(() => undefined);
  });
});
