import { expect } from 'chai';
import { interceptEmmett } from 'eventstore-actions/emmett';
import { postgresDeliveryStore, postgresEventStore } from 'eventstore-actions/postgres';
import { durable, openDeliveries } from '../../../deliveries/openDeliveries.js';
import { closeAfterTest } from '../../../support/closings.js';
import { type Endpoint } from '../../../support/openActions.js';
import { openEmmett, type EmmettDatabase } from './emmettDatabase.js';
import { until } from '../../../support/conditions.js';

/** The time limit for many events or a restart of a server. Milliseconds. */
const patienceMs = 100_000;

interface Body {
  readonly event_id: string;
  readonly stream: string;
  readonly sequence: number;
  readonly phase: string;
  readonly position?: number;
  readonly event_payload: { readonly mark: string };
}

describe('durable delivery of an Emmett store, all in one database', () => {
  let emmett: EmmettDatabase;

  async function open() {
    emmett = await openEmmett();
    closeAfterTest(() => emmett.close());
    const { pool, source } = emmett;
    const eventStore = await postgresEventStore({ pool });
    closeAfterTest(() => eventStore.close());
    const opened = await openDeliveries({ source, store: postgresDeliveryStore({ pool }) }, { eventStore });
    const [endpoint] = (await opened.call({ event: { group: 'order' } }, durable)) as readonly [Endpoint];
    const guarded = interceptEmmett(emmett.store, opened.actions);
    const worker = await opened.work();
    await until(() => worker.health().partitions.length >= 16, patienceMs);
    const bodies = (): readonly Body[] =>
      endpoint.server.received.map(({ body }) => JSON.parse(body) as Body);
    const delivered = async (count: number): Promise<void> => {
      const seen = () => new Set(bodies().map(({ event_id }) => event_id)).size;
      await until(() => seen() >= count, patienceMs);
      expect(seen()).to.equal(count);
    };
    return { ...opened, guarded, endpoint, worker, bodies, delivered };
  }

  /** Repeats are allowed; an event before its predecessor is not. */
  function requireOrder(bodies: readonly Body[]): void {
    const last = new Map<string, number>();
    for (const { stream, sequence } of bodies) {
      expect(sequence).to.be.at.most((last.get(stream) ?? 0) + 1);
      last.set(stream, Math.max(sequence, last.get(stream) ?? 0));
    }
  }

  it('delivers the events that sessions and handlers committed, and none of a session that was rolled back', async () => {
    const { guarded, bodies, delivered } = await open();
    await guarded.appendToStream('order-1', [{ type: 'order.placed', data: { mark: 'a' } }]);
    await guarded.withSession(({ eventStore }) =>
      eventStore.appendToStream('order-1', [{ type: 'order.placed', data: { mark: 'b' } }]),
    );
    await guarded
      .appendToStream('order-1', [{ type: 'order.placed', data: { mark: 'no' } }], {
        expectedStreamVersion: 9n,
      })
      .catch(() => undefined);
    const session = await emmett.session();
    await session.begin();
    await session.append('order-1', 'gone');
    await session.end('ROLLBACK');
    session.release();
    await delivered(2);
    expect(
      bodies().map(({ event_payload: { mark }, sequence, phase, position }) => [
        mark,
        sequence,
        phase,
        position,
      ]),
    ).to.deep.equal([
      ['a', 1, 'committed', undefined],
      ['b', 2, 'committed', undefined],
    ]);
  }).timeout(120_000);

  it('keeps the order of streams whose transactions overlap, while connections are ended', async () => {
    const { guarded, bodies, delivered } = await open();
    const rounds = 12;
    for (let round = 0; round < rounds; round++) {
      const stream = `order-${round % 3}`;
      const old = await emmett.session();
      await old.begin();
      await Promise.all(
        ['a', 'b', 'c'].map((mark, index) =>
          guarded.appendToStream(`order-${(round + index) % 3}`, [{ type: 'order.placed', data: { mark } }]),
        ),
      );
      await old.append(stream, 'late', 'later');
      await old.end('COMMIT');
      old.release();
      if (round % 4 === 1)
        await emmett.pool.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'the tests' AND pid <> pg_backend_pid()",
        );
    }
    await delivered(rounds * 5);
    requireOrder(bodies());
  }).timeout(120_000);

  it('sends the events of a period again, and all events to a target that starts at the beginning', async () => {
    const { actions, guarded, deliveries, endpoint, bodies, delivered, serve } = await open();
    for (const mark of ['a', 'b', 'c', 'd'])
      await guarded.appendToStream('order-1', [{ type: 'order.placed', data: { mark } }]);
    await delivered(4);
    const positions: bigint[] = [];
    for await (const { position } of emmett.source.readStream('order-1')) positions.push(position);
    await deliveries.replay({ targetID: endpoint.id, from: positions[1] ?? 0n, to: positions[3] ?? 0n });
    const again = () =>
      endpoint.server.received.filter(({ headers }) => headers['actions-replay'] === 'true').length;
    await until(() => again() >= 2, patienceMs);
    expect(
      bodies()
        .slice(4)
        .map(({ event_payload: { mark } }) => mark),
    ).to.deep.equal(['b', 'c']);

    const server = await serve();
    const { id } = await actions.targets.add({
      name: 'new',
      type: 'async',
      delivery: 'durable',
      endpoint: server.url(),
      deliverFrom: positions[1] ?? 0n,
      paused: true,
    });
    await actions.executions.set({ event: { event: 'order.placed' } }, [endpoint.id, id]);
    await actions.targets.change(id, { paused: false });
    await until(() => server.received.length >= 2, patienceMs);
    expect(server.received.map(({ body }) => (JSON.parse(body) as Body).event_payload.mark)).to.deep.equal([
      'c',
      'd',
    ]);
  }).timeout(120_000);
});
