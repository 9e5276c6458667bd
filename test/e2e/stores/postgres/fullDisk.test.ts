import { expect } from 'chai';
import { randomBytes, randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { postgresEventStore } from 'eventstore-actions/postgres';
import pg from 'pg';
import type { EventStore } from '../../../../src/ports.js';
import { startPostgres, type PostgresServer } from './postgresServer.js';
import { failureOf, idsOf } from './probes.js';
import { mountSmallDisk, type SmallDisk } from './smallDisk.js';

const schema = 'filled';
const writers = 8;

/**
 * Appends by several writers, each to its own stream, until each was refused. Returns the acknowledged ids, the
 * errors, and the ids that the errors report as not written.
 */
async function appendUntilRefused(
  store: EventStore,
  most: number,
  onAcknowledged: () => void = () => undefined,
) {
  const acknowledged = new Map<string, string[]>();
  const failures: string[] = [];
  const unwritten: string[] = [];
  const write = async (stream: string) => {
    const ids: string[] = [];
    acknowledged.set(stream, ids);
    for (let count = 0; count < most; count += 1) {
      const id = randomUUID();
      const failure = await failureOf(() =>
        store.append(
          stream,
          [{ id, type: 'noted', data: { text: randomBytes(15_000).toString('base64') } }],
          {
            expectedVersion: count === 0 ? 'no-stream' : BigInt(count - 1),
          },
        ),
      );
      if (failure !== 'none') {
        failures.push(failure);
        if (failure.includes('nothing was appended')) unwritten.push(id);
        return;
      }
      ids.push(id);
      onAcknowledged();
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, place) => write(`order-${randomUUID()}-${place}`)));
  return { acknowledged, failures, unwritten };
}

type Outcome = Awaited<ReturnType<typeof appendUntilRefused>>;

/** Expects each acknowledged event once, and no event that an error reports as not written. */
async function expectTrue(store: EventStore, ...outcomes: readonly Outcome[]): Promise<void> {
  const lost: string[] = [];
  for (const { acknowledged, unwritten } of outcomes)
    for (const [stream, ids] of acknowledged) {
      const stored = await idsOf(store, stream);
      expect(new Set(stored).size, 'none is there twice').to.equal(stored.length);
      lost.push(...ids.filter((id) => !stored.includes(id)));
      expect(stored.filter((id) => unwritten.includes(id))).to.deep.equal([]);
    }
  expect(lost).to.deep.equal([]);
}

/** A small disk for the tables alone; where this process may not mount, a trigger fails as a full disk does. */
async function fullTables(server: PostgresServer, pool: pg.Pool) {
  const disk = mountSmallDisk(64);
  if (disk) {
    const folder = disk.folderOf(statSync(server.data));
    const admin = new pg.Client({ connectionString: server.connectionString });
    await admin.connect();
    await admin.query(`CREATE TABLESPACE small LOCATION '${folder}'`);
    await admin.query('ALTER DATABASE postgres SET default_tablespace = small');
    await admin.end();
    return { disk, open: () => postgresEventStore({ pool, schema }), fill: disk.fill, free: disk.free };
  }
  return {
    disk: undefined,
    open: async () => {
      const store = await postgresEventStore({ pool, schema });
      await pool.query(`CREATE TABLE ${schema}.is_full ();
        CREATE FUNCTION ${schema}.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF (SELECT count(*) FROM ${schema}.event) > 40 AND to_regclass('${schema}.is_full') IS NOT NULL THEN
            RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END IF;
          RETURN NEW; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON ${schema}.event FOR EACH ROW EXECUTE FUNCTION ${schema}.full()`);
      return store;
    },
    fill: () => undefined,
    free: () => pool.query(`DROP TABLE ${schema}.is_full`),
  };
}

describe('postgresEventStore on a full disk', () => {
  let server: PostgresServer | undefined;
  let pool: pg.Pool | undefined;
  let disk: SmallDisk | undefined;

  afterEach(async () => {
    await pool?.end();
    await server?.remove();
    disk?.unmount();
    server = pool = disk = undefined;
  });

  const openPool = (connectionString: string): pg.Pool => {
    const opened = new pg.Pool({ connectionString, max: 4 });
    opened.on('error', () => undefined);
    return opened;
  };

  it('refuses appends that find no room with a typed error, loses no event, and goes on once there is room', async () => {
    server = await startPostgres();
    pool = openPool(server.connectionString);
    const full = await fullTables(server, pool);
    disk = full.disk;
    const store = await full.open();
    expect((await appendUntilRefused(store, 3)).failures).to.deep.equal([]);
    full.fill();
    const before = await appendUntilRefused(store, 2_000);
    const { failures } = before;
    expect(failures).to.have.length(writers);
    for (const failure of failures)
      expect(failure).to.match(
        /^EVENT_STORE_UNAVAILABLE: .*53100.*disk of the server is full; nothing was appended/,
      );
    await expectTrue(store, before);
    await full.free();
    const after = await appendUntilRefused(store, 3);
    expect(after.failures).to.deep.equal([]);
    await expectTrue(store, before, after);
    await store.close();
  }).timeout(120_000);

  it('loses nothing where the server itself ends for want of room for its log', async () => {
    disk = mountSmallDisk(40);
    const started = (server = await startPostgres(disk?.path));
    pool = openPool(started.connectionString);
    const store = await postgresEventStore({ pool, schema });
    // Where this process may not mount, kill the server during the appends: its clients see the same.
    let left = 10 * writers;
    const before = await appendUntilRefused(store, 5_000, () => {
      left -= 1;
      if (!disk && left === 0) started.kill();
    });
    const { acknowledged, failures } = before;
    expect(failures).to.have.length(writers);
    // The server reports 53100 and ends while it answers the commit, whose outcome is then unknown.
    for (const failure of failures)
      expect(failure).to.match(disk ? /^OUTCOME_UNKNOWN: / : /^(EVENT_STORE_UNAVAILABLE|OUTCOME_UNKNOWN): /);
    expect([...acknowledged.values()].flat()).to.have.length.above(writers);
    disk?.grow(400);
    await started.crash(0);
    const after = await appendUntilRefused(store, 3);
    expect(after.failures).to.deep.equal([]);
    await expectTrue(store, before, after);
    await store.close();
  }).timeout(180_000);
});
