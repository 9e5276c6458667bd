import {
  CommandHandler,
  DeciderCommandHandler,
  ExpectedVersionConflictError,
  getInMemoryEventStore,
  nulloSessionFactory,
  type Command,
  type Event,
  type EventStore,
} from '@event-driven-io/emmett';
import { expect } from 'chai';
import { interceptEmmett } from '../../../src/stores/emmett/index.js';
import { json, refusal } from '../../support/answers.js';
import { openActions, rejection } from '../../support/openActions.js';
import { orderPaid, orderPlaced, placed, stored, type OrderEvent, type OrderPlaced } from './scene.js';
import { sessionStore, type SessionStore } from './sessionStore.js';

interface Order {
  readonly events: number;
}

const evolve = ({ events }: Order): Order => ({ events: events + 1 });
const initialState = (): Order => ({ events: 0 });
const handle = CommandHandler<Order, OrderEvent>({ evolve, initialState });

const kinds: Readonly<Record<string, (inner: EventStore) => EventStore>> = {
  'a store without sessions': (inner) => inner,
  'a store with sessions of their own': sessionStore,
  'a store whose sessions are itself': (inner) => ({ ...inner, ...nulloSessionFactory(inner) }),
};

async function open(make: (inner: EventStore) => EventStore = sessionStore) {
  const opened = await openActions();
  const inner = getInMemoryEventStore();
  return { ...opened, inner, guardedStore: interceptEmmett(make(inner), opened.actions) };
}

async function openSessions() {
  const opened = await openActions();
  const inner = getInMemoryEventStore();
  const sessions: SessionStore = interceptEmmett(sessionStore(inner), opened.actions);
  return { ...opened, inner, sessions };
}

for (const [kind, make] of Object.entries(kinds))
  describe(`CommandHandler of Emmett over ${kind}`, () => {
    it('has each event judged once, and appends the events as amended', async () => {
      const { call, inner, guardedStore } = await open(make);
      const [target] = await call(placed, { type: 'requestResponse', script: json({ total: 6 }) });
      const result = await handle(guardedStore, 'order-1', [() => orderPlaced(), () => [orderPaid()]]);
      expect(result).to.deep.include({ nextExpectedStreamVersion: 2n, createdNewStream: true });
      expect(target!.server.received).to.have.length(1);
      expect(await stored(inner, 'order-1')).to.deep.equal([orderPlaced({ total: 6 }), orderPaid()]);
      // The events that the handler decided, before any target.
      expect(result.newEvents).to.deep.equal([orderPlaced(), orderPaid()]);
    });

    it('leaves the stream unchanged where a target refuses', async () => {
      const { call, inner, guardedStore } = await open(make);
      await handle(guardedStore, 'order-1', () => orderPaid());
      await call(placed, { interruptOnError: true, script: refusal(403, 'not yours') });
      const error = await rejection(
        handle(guardedStore, 'order-1', () => [orderPaid(), orderPlaced()], {
          retry: { onVersionConflict: true },
        }),
      );
      expect(error).to.include({ code: 'TARGET_INTERRUPTED', status: 403 });
      expect(await stored(inner, 'order-1')).to.deep.equal([orderPaid()]);
    });

    it('handles again after a conflict, and not after a veto', async () => {
      const { call, inner, guardedStore } = await open(make);
      let writers = 1;
      const [target] = await call(placed, {
        interruptOnError: true,
        script: async () => {
          if (writers-- > 0) await inner.appendToStream('order-1', [orderPaid()]);
          return {};
        },
      });
      const retry = { onVersionConflict: 2 };
      const seen: number[] = [];
      await handle(
        guardedStore,
        'order-1',
        ({ events }) => {
          seen.push(events);
          return orderPlaced();
        },
        { retry },
      );
      expect(seen).to.deep.equal([0, 1]);
      expect(target!.server.received).to.have.length(2);
      target!.server.answer(refusal(403));
      await rejection(handle(guardedStore, 'order-1', () => orderPlaced(), { retry }));
      expect(target!.server.received).to.have.length(3);
    });

    it('is told of a conflict by Emmett where the handler does not retry', async () => {
      const { guardedStore } = await open(make);
      const error = await rejection(
        handle(guardedStore, 'order-1', () => orderPlaced(), { expectedStreamVersion: 4n }),
      );
      expect(error).to.be.instanceOf(ExpectedVersionConflictError);
    });
  });

describe('sessions of a store of Emmett', () => {
  it('have the hook in sessions of sessions too, and keep their other members', async () => {
    const { call, inner, sessions } = await openSessions();
    const [target] = await call(placed, { type: 'requestResponse', script: json({ total: 6 }) });
    const answer = await sessions.withSession(async (outer) => {
      expect(outer.close).to.be.a('function');
      expect(outer.eventStore).not.to.equal(sessions);
      return outer.eventStore.withSession(async ({ eventStore, close }) => {
        expect(sessions.openSessions()).to.equal(2);
        await eventStore.appendToStream('order-1', [orderPlaced()]);
        await close();
        return 'answered';
      });
    });
    expect(answer).to.equal('answered');
    expect(sessions.openSessions()).to.equal(0);
    expect(target!.server.received).to.have.length(1);
    expect(await stored(inner, 'order-1')).to.deep.equal([orderPlaced({ total: 6 })]);
  });

  it('end with the error of a veto, as with any other', async () => {
    const { call, inner, sessions } = await openSessions();
    await call(placed, { interruptOnError: true, script: { status: 500 } });
    const error = await rejection(
      sessions.withSession(({ eventStore }) => eventStore.appendToStream('order-1', [orderPlaced()])),
    );
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', status: 412 });
    expect(sessions.openSessions()).to.equal(0);
    expect(await inner.streamExists('order-1')).to.equal(false);
  });

  it('carry the caller', async () => {
    const { actions, call, sessions } = await openSessions();
    const [target] = await call(placed, {});
    await actions.runAs({ userID: 'u-1' }, () => handle(sessions, 'order-1', () => orderPlaced()));
    expect(JSON.parse(target!.server.received[0]!.body)).to.include({ userID: 'u-1' });
  });

  it('serve deciders', async () => {
    type Place = Command<'place order', { total: number }>;
    const { call, inner, sessions } = await openSessions();
    await call({ event: { all: true } }, { type: 'requestResponse', script: json({ total: 6 }) });
    await DeciderCommandHandler<Order, Place, OrderPlaced>({
      decide: ({ data }) => orderPlaced(data),
      evolve,
      initialState,
    })(sessions, 'order-1', { type: 'place order', data: { total: 5 } });
    expect(await stored(inner, 'order-1')).to.deep.equal([orderPlaced({ total: 6 })]);
  });

  it('are opened with the other arguments of the store', async () => {
    const { actions, call } = await openActions();
    const [target] = await call(placed, {});
    const inner = getInMemoryEventStore();
    const told: unknown[] = [];
    const store = {
      ...inner,
      async withSession(
        this: { readonly streamExists: unknown },
        callback: (session: { eventStore: EventStore }, extra: string) => Promise<unknown>,
        options: string,
      ) {
        told.push(options, this === store);
        return callback({ eventStore: inner }, 'extra');
      },
    };
    const answer = await interceptEmmett(store, actions).withSession(async ({ eventStore }, extra) => {
      await eventStore.appendToStream<Event>('order-1', [orderPlaced()]);
      return extra;
    }, 'serializable');
    expect([answer, ...told]).to.deep.equal(['extra', 'serializable', true]);
    expect(target!.server.received).to.have.length(1);
  });
});
