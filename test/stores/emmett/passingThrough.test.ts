import {
  ExpectedVersionConflictError,
  forwardToMessageBus,
  getInMemoryEventStore,
  getInMemoryMessageBus,
  inMemorySingleStreamProjection,
  NO_CONCURRENCY_CHECK,
  projections,
  STREAM_DOES_NOT_EXIST,
  STREAM_EXISTS,
  WrapEventStore,
  type EventStore,
} from '@event-driven-io/emmett';
import { expect } from 'chai';
import { memoryEventStore } from '../../../src/index.js';
import { interceptEmmett } from '../../../src/stores/emmett/index.js';
import { json } from '../../support/answers.js';
import { openActions, rejection } from '../../support/openActions.js';
import { open, orderPaid, orderPlaced, placed, stored, type OrderEvent, type OrderPlaced } from './scene.js';

const expectations = [STREAM_EXISTS, STREAM_DOES_NOT_EXIST, NO_CONCURRENCY_CHECK, 3n] as const;

describe('interceptEmmett leaves everything else to the store', () => {
  it('passes an append without matching targets on: the same arguments, the same promise', async () => {
    const { actions, call, emmett } = await open();
    await call(placed, {});
    const seen: unknown[][] = [];
    const promise = Promise.resolve({ nextExpectedStreamVersion: 7n, createdNewStream: false });
    emmett.appendToStream = (...append: unknown[]) => {
      seen.push(append);
      return promise;
    };
    const guarded = interceptEmmett(emmett, actions);
    const events = [orderPaid()];
    const options = { expectedStreamVersion: 3n };
    expect(guarded.appendToStream('order-1', events, options)).to.equal(promise);
    expect(guarded.appendToStream('order-1', events)).to.equal(promise);
    expect(guarded.appendToStream('order-1', [])).to.equal(promise);
    expect(seen.map((append) => append.length)).to.deep.equal([3, 2, 2]);
    expect(seen[0]![1]).to.equal(events);
    expect(seen[0]![2]).to.equal(options);
  });

  for (const expectedStreamVersion of expectations)
    it(`passes the expectation ${expectedStreamVersion} and other options through`, async () => {
      const { call, emmett, guardedEmmett } = await open();
      await call(placed, { type: 'requestResponse', script: json({ total: 6 }) });
      const seen: unknown[] = [];
      emmett.appendToStream = (...[, , options]: unknown[]) => {
        seen.push(options);
        return Promise.resolve({ nextExpectedStreamVersion: 7n, createdNewStream: false });
      };
      const options = { expectedStreamVersion, schema: {}, partition: 'tenant-1' };
      expect(await guardedEmmett.appendToStream('order-1', [orderPlaced()], options)).to.deep.equal({
        nextExpectedStreamVersion: 7n,
        createdNewStream: false,
      });
      await guardedEmmett.appendToStream('order-1', [orderPlaced()]);
      expect(seen).to.deep.equal([options, undefined]);
    });

  for (const [expectedStreamVersion, exists] of [
    [STREAM_EXISTS, false],
    [4n, false],
    [STREAM_DOES_NOT_EXIST, true],
  ] as const)
    it(`rethrows the conflict of the store with ${expectedStreamVersion}, after the calls`, async () => {
      const { call, emmett, guardedEmmett } = await open();
      const [target] = await call(placed, {});
      if (exists) await emmett.appendToStream('order-1', [orderPaid()]);
      const append = (store: EventStore) =>
        rejection(store.appendToStream('order-1', [orderPlaced()], { expectedStreamVersion }));
      const error = await append(guardedEmmett);
      expect(error).to.be.instanceOf(ExpectedVersionConflictError);
      const { current, expected, message } = (await append(emmett)) as ExpectedVersionConflictError;
      expect(error).to.include({ current, expected, message });
      expect(target!.server.received).to.have.length(1);
    });

  it('reads, aggregates and looks for streams as the store does, and calls no target', async () => {
    const { call, emmett, guardedEmmett } = await open();
    await emmett.appendToStream<OrderEvent>('order-1', [orderPlaced(), orderPaid()]);
    const [target] = await call({ event: { all: true } }, { interruptOnError: true, script: 'reset' });
    expect(await guardedEmmett.readStream('order-1', { from: 1n })).to.deep.equal(
      await emmett.readStream('order-1', { from: 1n }),
    );
    const counted = await guardedEmmett.aggregateStream<number, OrderEvent>('order-1', {
      evolve: (count: number) => count + 1,
      initialState: () => 0,
    });
    expect(counted).to.deep.equal({ currentStreamVersion: 2n, state: 2, streamExists: true });
    expect(await guardedEmmett.streamExists('order-1')).to.equal(true);
    expect(await guardedEmmett.streamExists('order-2')).to.equal(false);
    expect(guardedEmmett.database).to.equal(emmett.database);
    expect(Object.keys(guardedEmmett)).to.deep.equal(Object.keys(emmett));
    expect('withSession' in guardedEmmett).to.equal(false);
    expect(target!.server.received).to.have.length(0);
  });

  it('feeds projections and hooks with the appended events', async () => {
    const { actions, call } = await openActions();
    const bus = getInMemoryMessageBus();
    const published: unknown[] = [];
    bus.subscribe<OrderPlaced>((event: OrderPlaced) => void published.push(event.data), 'order.placed');
    const emmett = getInMemoryEventStore({
      projections: projections.inline([
        inMemorySingleStreamProjection<{ total: unknown }, OrderPlaced>({
          collectionName: 'orders',
          canHandle: ['order.placed'],
          evolve: (_order: { total: unknown } | null, { data }: OrderPlaced) => ({ total: data['total'] }),
        }),
      ]),
      hooks: { onAfterCommit: forwardToMessageBus(bus) },
    });
    await call(placed, { type: 'requestResponse', script: json({ total: 6 }) });
    await interceptEmmett(emmett, actions).appendToStream('order-1', [orderPlaced()]);
    expect(published).to.deep.equal([{ total: 6 }]);
    const order = await emmett.database.collection<{ total: number }>('orders').findOne(() => true);
    expect(order).to.include({ total: 6 });
  });

  it('works for a store with private state, and stays an instance of its class', async () => {
    class CountingStore {
      readonly #inner = getInMemoryEventStore();
      #appends = 0;
      appendToStream(...append: Parameters<EventStore['appendToStream']>): Promise<unknown> {
        this.#appends += 1;
        return this.#inner.appendToStream(...append);
      }
      get appends(): number {
        return this.#appends;
      }
    }
    const { actions, call } = await openActions();
    const [target] = await call(placed, {});
    const guarded = interceptEmmett(Object.freeze(new CountingStore()), actions);
    await guarded.appendToStream('order-1', [orderPlaced()]);
    await guarded.appendToStream('order-1', [orderPaid()]);
    expect(guarded).to.be.instanceOf(CountingStore);
    expect(guarded.appends).to.equal(2);
    expect(target!.server.received).to.have.length(1);
  });

  it('keeps the hook where the store is spread or wrapped, once', async () => {
    const { call, guardedEmmett, emmett } = await open();
    const [target] = await call(placed, {});
    for (const store of [{ ...guardedEmmett }, WrapEventStore(guardedEmmett)])
      await store.appendToStream('order-1', [orderPlaced()]);
    expect(target!.server.received).to.have.length(2);
    expect(await stored(emmett, 'order-1')).to.have.length(2);
  });

  it('waits for the index to be complete before anything is appended, and then appends the events unchanged', async () => {
    const eventStore = memoryEventStore();
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const { guardedEmmett, emmett } = await open({
      awaitReady: false,
      eventStore: {
        ...eventStore,
        async *subscribe(options) {
          await gate;
          yield* eventStore.subscribe(options);
        },
      },
    });
    const event = orderPlaced({ at: new Date(0) });
    const append = guardedEmmett.appendToStream('order-1', [event]);
    await new Promise(setImmediate);
    expect(await emmett.streamExists('order-1')).to.equal(false);
    letGo();
    await append;
    expect(await stored(emmett, 'order-1')).to.deep.equal([event]);
  });

  it('rejects with the error of the function that names events', async () => {
    const { guardedEmmett, emmett } = await open({
      eventName: () => {
        throw new RangeError('no name');
      },
    });
    const error = await rejection(guardedEmmett.appendToStream('order-1', [orderPlaced()]));
    expect(error).to.be.instanceOf(RangeError);
    expect(await stored(emmett, 'order-1')).to.deep.equal([]);
  });

  it('appends nothing more once the actions are closed', async () => {
    const { actions, guardedEmmett, emmett } = await open();
    await actions.close();
    expect(await rejection(guardedEmmett.appendToStream('order-1', [orderPlaced()]))).to.include({
      code: 'ACTIONS_CLOSED',
    });
    expect(await emmett.streamExists('order-1')).to.equal(false);
  });

  it('refuses an object that is no actions', () => {
    expect(() => interceptEmmett(getInMemoryEventStore(), {} as never))
      .to.throw()
      .with.property('code', 'INVALID_ARGUMENT');
  });
});
