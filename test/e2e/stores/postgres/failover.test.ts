import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isActionsError } from 'eventstore-actions';
import { postgresDeliveryStore, postgresEventStore } from 'eventstore-actions/postgres';
import pg from 'pg';
import { durable, openDeliveries } from '../../../deliveries/openDeliveries.js';
import { closeAfterTest } from '../../../support/closings.js';
import { type Endpoint } from '../../../support/openActions.js';
import { startPostgres, startStandby } from './postgresServer.js';
import { openWire } from './wire.js';
import { until } from '../../../support/conditions.js';

/** The time limit for many events or a restart of a server. Milliseconds. */
const patienceMs = 100_000;

interface Body {
  readonly event_id: string;
  readonly stream: string;
  readonly sequence: number;
}

describe('postgresEventStore when a standby takes over', () => {
  it('loses no acknowledged event, writes none twice, and followers and deliveries go on', async () => {
    const primary = await startPostgres();
    closeAfterTest(() => primary.remove());
    const standby = await startStandby(primary);
    closeAfterTest(() => standby.remove());
    const [old, next] = [primary, standby].map(
      ({ connectionString }) => new pg.Pool({ connectionString, max: 2 }),
    ) as [pg.Pool, pg.Pool];
    for (const pool of [old, next]) {
      pool.on('error', () => undefined);
      closeAfterTest(() => pool.end());
    }
    // The server acknowledges a commit once the standby has it.
    await old.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await old.query('SELECT pg_reload_conf()');
    const isFollowed = async (): Promise<boolean> => {
      const { rows } = await old.query("SELECT FROM pg_stat_replication WHERE sync_state = 'sync'");
      return rows.length > 0;
    };
    await until(async () => await isFollowed(), patienceMs);
    expect(await isFollowed()).to.equal(true);

    // The address that the application connects to; it leads to the standby later.
    const wire = await openWire(primary.connectionString);
    closeAfterTest(() => wire.close());
    const pool = new pg.Pool({
      connectionString: wire.connectionString,
      max: 4,
      connectionTimeoutMillis: 5_000,
    });
    pool.on('error', () => undefined);
    closeAfterTest(() => pool.end());
    const store = await postgresEventStore({ pool });
    closeAfterTest(() => store.close());
    const opened = await openDeliveries({ store: postgresDeliveryStore({ pool }) }, { eventStore: store });
    const [{ server, id }] = (await opened.call({ event: { group: 'order' } }, durable)) as readonly [
      Endpoint,
    ];
    await opened.work();

    const acknowledged: string[] = [];
    let isOver = false;
    /** Repeats an append of unknown outcome with the same id and version, as the library's own commands do. */
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      let version: bigint | 'no-stream' = 'no-stream';
      while (!isOver) {
        const event = { id: randomUUID(), type: 'order.placed', data: { writer } };
        for (let isDone = false; !isDone;)
          try {
            ({ version } = await store.append(`order-${writer}`, [event], { expectedVersion: version }));
            acknowledged.push(event.id);
            isDone = true;
          } catch (error) {
            if (
              !isActionsError(error, 'OUTCOME_UNKNOWN') &&
              !isActionsError(error, 'EVENT_STORE_UNAVAILABLE')
            )
              throw error;
            await pause(50);
          }
        await pause(5);
      }
    });
    const positions: bigint[] = [];
    const left = new AbortController();
    const following = (async () => {
      while (!left.signal.aborted)
        try {
          const after = positions.at(-1) ?? 0n;
          for await (const message of store.subscribe({ after, signal: left.signal }))
            if ('stream' in message) positions.push(message.position);
        } catch {
          await pause(50);
        }
    })();

    await until(() => acknowledged.length >= 100, patienceMs);
    primary.kill();
    await pause(500);
    // A standby answers reads, and refuses writes with an error, until it is promoted.
    wire.target = standby.port;
    wire.cutAll();
    const refusal = (): Promise<unknown> =>
      store
        .append('order-other', [{ type: 'order.placed', data: {} }])
        .catch((error: unknown) => isActionsError(error) && error.detail);
    let refused: unknown;
    await until(async () => String((refused = await refusal())).includes('read-only'), patienceMs);
    expect(refused).to.match(/the server is read-only: it is a standby.*nothing was appended/);
    await next.query('SELECT pg_promote(true, 60)');
    const before = acknowledged.length;
    await until(() => acknowledged.length >= before + 100, patienceMs);
    isOver = true;
    await Promise.all(writers);
    expect(acknowledged.length).to.be.at.least(before + 100);

    const head = await store.head();
    await until(() => (positions.at(-1) ?? 0n) >= head, patienceMs);
    left.abort();
    await following;
    expect(positions).to.deep.equal(Array.from({ length: Number(head) }, (_, index) => BigInt(index + 1)));

    const stored: string[] = [];
    for (let writer = 0; writer < 4; writer++)
      for await (const event of store.readStream(`order-${writer}`)) stored.push(event.id);
    expect(new Set(stored).size).to.equal(stored.length);
    expect(acknowledged.filter((each) => !stored.includes(each))).to.deep.equal([]);

    const bodies = (): readonly Body[] => server.received.map(({ body }) => JSON.parse(body) as Body);
    const told = (): Set<string> => new Set(bodies().map(({ event_id }) => event_id));
    await until(() => told().size >= stored.length, patienceMs);
    expect(stored.filter((each) => !told().has(each))).to.deep.equal([]);
    const last = new Map<string, number>();
    for (const { stream, sequence } of bodies()) {
      expect(sequence).to.be.at.most((last.get(stream) ?? -1) + 1);
      last.set(stream, Math.max(sequence, last.get(stream) ?? -1));
    }
    expect((await opened.deliveries.list({ targetID: id, state: 'parked' })).items).to.deep.equal([]);
  }).timeout(300_000);
});
