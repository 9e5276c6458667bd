import { CommandHandler, projections, type Event } from '@event-driven-io/emmett';
import {
  getPostgreSQLEventStore,
  postgreSQLProjection,
  type PostgresEventStore,
} from '@event-driven-io/emmett-postgresql';
import { expect } from 'chai';
import { createActions, isActionsError, type Actions } from 'eventstore-actions';
import { interceptEmmett } from 'eventstore-actions/emmett';
import { postgresEventStore, type PostgresEventStore as PostgresStore } from 'eventstore-actions/postgres';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { targetServer, type TargetServer } from '../../../support/targetServer.js';
import { sharedPostgres } from '../postgres/postgresServer.js';

type OrderPlaced = Event<'order.placed', { readonly total: number }>;

const placed = (total: number): OrderPlaced => ({ type: 'order.placed', data: { total } });
const codeOf = (error: unknown): unknown => (isActionsError(error) ? error.code : error);

describe('interceptEmmett on PostgreSQL, with targets in the same database', () => {
  let database: string;
  let admin: pg.Pool;
  let pool: pg.Pool;
  let bare: PostgresEventStore;
  let guarded: PostgresEventStore;
  let actions: Actions;
  let store: PostgresStore;
  let server: TargetServer;
  /** The streams of the events that the inline projection received in its transaction. */
  const projected: string[] = [];

  before(async () => {
    const url = new URL(await sharedPostgres());
    admin = new pg.Pool({ connectionString: url.href });
    database = `emmett_${process.pid}`;
    await admin.query(`CREATE DATABASE ${database}`);
    url.pathname = database;
    pool = new pg.Pool({ connectionString: url.href });
    bare = getPostgreSQLEventStore(url.href, {
      projections: projections.inline([
        postgreSQLProjection({
          name: 'seen',
          canHandle: ['order.placed'],
          handle: (events: readonly { readonly metadata: { readonly streamName: string } }[]) => {
            projected.push(...events.map(({ metadata }) => metadata.streamName));
            return Promise.resolve();
          },
        }),
      ]),
    });
    await bare.schema.migrate();
    server = await targetServer(({ body }) => {
      const { event_payload: order } = JSON.parse(body) as {
        readonly event_payload: { readonly total: number };
      };
      if (order.total > 100)
        return { body: JSON.stringify({ forwardedStatusCode: 403, forwardedErrorMessage: 'too much' }) };
      return { body: JSON.stringify({ total: order.total + 1 }) };
    });
    store = await postgresEventStore({ pool });
    actions = await createActions({
      eventStore: store,
      keyring: 'plaintext',
      network: { allow: [server.allow] },
    });
    const { id } = await actions.targets.add({
      name: 'policy',
      type: 'requestResponse',
      endpoint: server.url(),
      interruptOnError: true,
    });
    await actions.executions.set({ event: { event: 'order.placed' } }, [id]);
    guarded = interceptEmmett(bare, actions);
  });

  after(async () => {
    await actions.close();
    await store.close();
    await bare.close();
    await server.close();
    await pool.end();
    // Emmett's store does not wait for its connections to end.
    for (let tries = 1; ; tries += 1)
      try {
        await admin.query(`DROP DATABASE ${database}`);
        break;
      } catch (error) {
        if (tries === 2_000) throw error;
        await pause(50);
      }
    await admin.end();
  });

  const totals = async (stream: string): Promise<readonly number[]> => {
    const { events } = await bare.readStream<OrderPlaced>(stream);
    return events.map(({ data }) => data.total);
  };

  it('amends the appended event, and gives the approved event to the inline projection', async () => {
    await guarded.appendToStream('order-1', [placed(1), placed(2)]);
    expect(await totals('order-1')).to.deep.equal([2, 3]);
    expect(projected.filter((stream) => stream === 'order-1')).to.have.lengthOf(2);
  });

  it('appends nothing and projects nothing where a target refuses one of several events', async () => {
    const refused = await guarded.appendToStream('order-2', [placed(1), placed(101)]).catch(codeOf);
    expect(refused).to.equal('TARGET_INTERRUPTED');
    expect(await totals('order-2')).to.deep.equal([]);
    expect(projected).not.to.include('order-2');
  });

  it('judges the events that a command handler or withSession appends in its session', async () => {
    const handle = CommandHandler<{ readonly count: number }, OrderPlaced>({
      evolve: ({ count }) => ({ count: count + 1 }),
      initialState: () => ({ count: 0 }),
    });
    await handle(guarded, 'order-3', () => placed(5));
    expect(await totals('order-3')).to.deep.equal([6]);
    expect(await handle(guarded, 'order-3', () => placed(500)).catch(codeOf)).to.equal('TARGET_INTERRUPTED');
    expect(await totals('order-3')).to.deep.equal([6]);
    await guarded.withSession(({ eventStore }) => eventStore.appendToStream('order-3', [placed(7)]));
    expect(await totals('order-3')).to.deep.equal([6, 8]);
  });

  it("leaves a conflict Emmett's own", async () => {
    await guarded.appendToStream('order-4', [placed(1)]);
    const conflictOf = (store: PostgresEventStore): Promise<unknown> =>
      store
        .appendToStream('order-4', [placed(2)], { expectedStreamVersion: 7n })
        .catch((error: unknown) => error);
    const conflict = await conflictOf(guarded);
    expect(conflict).to.be.instanceOf(Error).and.not.satisfy(isActionsError);
    expect(conflict).to.deep.equal(await conflictOf(bare));
    expect(await totals('order-4')).to.deep.equal([2]);
  });

  it('keeps the events that a session appended before a refusal, since sessions are no transactions', async () => {
    const refused = await guarded
      .withSession(async ({ eventStore }) => {
        await eventStore.appendToStream('order-6', [placed(1)]);
        await eventStore.appendToStream('order-6', [placed(101)]);
      })
      .catch(codeOf);
    expect(refused).to.equal('TARGET_INTERRUPTED');
    expect(await totals('order-6')).to.deep.equal([2]);
  });

  it("appends under Emmett's words for an expectation, which its store does not check, as the guide warns", async () => {
    await bare.appendToStream('order-7', [placed(1)]);
    for (const checked of [bare, guarded])
      await checked.appendToStream('order-7', [placed(1)], {
        expectedStreamVersion: 'STREAM_DOES_NOT_EXIST',
      });
    expect(await totals('order-7')).to.deep.equal([1, 1, 2]);
  });

  it('calls no target for an event that no execution matches', async () => {
    const before = server.received.length;
    await guarded.appendToStream('order-5', [{ type: 'order.noted', data: { text: 'x' } }]);
    expect(server.received.length).to.equal(before);
  });
});
