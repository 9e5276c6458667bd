import { expect } from 'chai';
import { getInMemoryEventStore } from '@event-driven-io/emmett';
import { InvalidArgumentError, memoryEventStore } from '../../src/index.js';
import { interceptEmmett } from '../../src/stores/emmett/index.js';
import type {
  AppendOptions,
  AppendResult,
  EventData,
  EventStore,
  ReadOptions,
  SubscribeOptions,
} from '../../src/index.js';
import { openActions, rejection } from '../support/openActions.js';

/** A store as a user might write it: a class with private state that keeps its arguments. */
class ForeignStore implements EventStore {
  readonly #inner = memoryEventStore();
  readonly appends: { stream: string; events: readonly EventData[]; options: AppendOptions | undefined }[] =
    [];
  readonly promises: Promise<AppendResult>[] = [];
  label = 'foreign';

  append(stream: string, events: readonly EventData[], options?: AppendOptions): Promise<AppendResult> {
    this.appends.push({ stream, events, options });
    const promise = this.#inner.append(stream, events, options);
    this.promises.push(promise);
    return promise;
  }
  readStream(stream: string, options?: ReadOptions) {
    return this.#inner.readStream(stream, options);
  }
  subscribe(options: SubscribeOptions) {
    return this.#inner.subscribe(options);
  }
  async appendTwice(stream: string, event: EventData): Promise<void> {
    await this.append(stream, [event]);
    await this.append(stream, [event]);
  }
  get description(): string {
    return `${this.label} ${typeof this.#inner}`;
  }
  close = () => this.#inner.close();
}

describe('an intercepted store', () => {
  it('passes an append without matching targets on: the same array, the same options, the same promise', async () => {
    const { actions, call } = await openActions();
    await call({ event: { event: 'order.placed' } }, {});
    const store = new ForeignStore();
    const guarded = actions.intercept(store);
    const options = { expectedVersion: 'any' as const };
    const events = [{ type: 'order.noted', data: { a: 1 } }];

    const first = guarded.append('order-1', events, options);
    const second = guarded.append('order-1', []);

    expect(store.appends[0]?.events).to.equal(events);
    expect(store.appends[0]?.options).to.equal(options);
    expect(first).to.equal(store.promises[0]);
    expect(second).to.equal(store.promises[1]);
    expect(store.appends[1]?.options).to.equal(undefined);
    await Promise.all([first, second]);
  });

  it('appends through a replaced append method of a store of this package', async () => {
    const { actions, call } = await openActions();
    await call({ event: { event: 'order.placed' } }, {});
    const store = memoryEventStore();
    const appended: unknown[] = [];
    const append: EventStore['append'] = (stream, events, options) => {
      for (const { type, data } of events) appended.push({ stream, type, data });
      return store.append(stream, events, options);
    };
    const event = { type: 'order.placed', data: { total: 1 } };
    const guarded = actions.intercept({ ...store, append });
    expect(await guarded.append('order-1', [event])).to.include({ version: 0n });
    expect(appended).to.deep.equal([{ stream: 'order-1', ...event }]);
  });

  it('makes no promise and reads no property of the events but their type where no target is called', async () => {
    const { actions } = await openActions();
    const reads: PropertyKey[] = [];
    const event = new Proxy(
      { type: 'order.noted', data: { a: 1 } },
      {
        get: (target, key) => {
          reads.push(key);
          return Reflect.get(target, key) as unknown;
        },
      },
    );
    const answer = new Promise<AppendResult>(() => undefined);
    const { readStream, subscribe } = memoryEventStore();
    const guarded = actions.intercept<EventStore>({ append: () => answer, readStream, subscribe });
    expect(guarded.append('order-1', [event, event])).to.equal(answer);
    expect(reads.filter((key) => key !== 'type')).to.deep.equal([]);
  });

  it("keeps its store's class, private state, getters, fields and members by name", async () => {
    const { actions } = await openActions();
    const store = new ForeignStore();
    const guarded = actions.intercept(store);

    expect(guarded).to.be.instanceOf(ForeignStore);
    expect(guarded.constructor).to.equal(ForeignStore);
    expect(guarded.description).to.equal('foreign object');
    const { readStream, close } = guarded;
    expect(guarded.readStream).to.equal(readStream);
    await guarded.append('a-1', [{ type: 'a.b', data: {} }]);
    const read: string[] = [];
    for await (const { type } of readStream('a-1')) read.push(type);
    expect(read).to.deep.equal(['a.b']);
    guarded.label = 'renamed';
    expect(store.label).to.equal('renamed');
    expect('appendTwice' in guarded).to.equal(true);
    expect(Object.keys(guarded)).to.deep.equal(Object.keys(store));
    expect(Object.entries(guarded)).to.deep.include(['label', 'renamed']);
    await close();
  });

  it('may be frozen', async () => {
    const { actions, call } = await openActions();
    const [target] = await call({ event: { all: true } }, {});
    const store = Object.freeze({ ...memoryEventStore() });
    const guarded = actions.intercept(store);
    await guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
    expect(target?.server.received).to.have.length(1);
    expect(await guarded.head()).to.equal(1n);
  });

  it('calls no target to read, to subscribe, to fold, to rebuild', async () => {
    const { actions, call, guarded, store } = await openActions();
    const [target] = await call({ event: { all: true } }, { interruptOnError: true, script: 'reset' });
    await store.append('order-1', [{ type: 'order.placed', data: {} }]);

    const stop = new AbortController();
    for await (const message of guarded.subscribe({ signal: stop.signal })) if ('caughtUp' in message) break;
    for await (const { type } of guarded.readStream('order-1')) expect(type).to.equal('order.placed');
    await actions.rebuild();
    await actions.executions.list();
    expect(target?.server.connections()).to.equal(0);
  });

  it('rejects, and does not throw, where eventName throws', async () => {
    const failure = new Error('no name for this');
    const { guarded, read } = await openActions({
      eventName: ({ type }) => {
        if (type === 'bad') throw failure;
        return type === 'odd' ? (3 as unknown as string) : type;
      },
    });
    expect(await rejection(guarded.append('a-1', [{ type: 'bad', data: {} }]))).to.equal(failure);
    const odd = await rejection(guarded.append('a-1', [{ type: 'odd', data: {} }]));
    expect(odd).to.include({ code: 'INVALID_ARGUMENT' });
    expect(await read('a-1')).to.deep.equal([]);
  });

  it('names events by stream when the option says so', async () => {
    const { actions, call, guarded } = await openActions({
      eventName: ({ type }, stream) => `${stream.split('-', 1)[0] ?? ''}.${type}`,
    });
    const [target] = await call({ event: { group: 'order' } }, {});
    await guarded.append('order-1', [{ type: 'placed', data: {} }]);
    await guarded.append('invoice-1', [{ type: 'placed', data: {} }]);
    expect(
      target?.server.received.map(({ body }) => (JSON.parse(body) as { stream: string }).stream),
    ).to.deep.equal(['order-1']);
    expect(actions.explain({ event: 'order.placed' }).winner).to.equal('event/order.*');
  });

  it('appends the events as given, also when the caller changes the objects while targets are called', async () => {
    const { call, guarded, read } = await openActions();
    const data = { items: ['a'] };
    const event = {
      id: 'b6f7f1cb-3d4e-4e0f-9a3a-6a4a3f5b2a10',
      type: 'order.placed',
      data,
      metadata: { by: 'us' },
    };
    const events: EventData[] = [event];
    const options: { expectedVersion: 'no-stream' | bigint } = { expectedVersion: 'no-stream' };
    const [target] = await call({ event: { event: 'order.placed' } }, { script: { delayMs: 20 } }, {});

    const appending = guarded.append('order-1', events, options);
    data.items.push('b');
    Object.assign(event, { type: 'order.mutated', id: 'other', metadata: { by: 'them' } });
    events.push({ type: 'order.smuggled', data: {} });
    options.expectedVersion = 7n;
    await appending;

    const recorded = await read('order-1');
    expect(
      recorded.map(({ id, type, data: kept, metadata }) => ({ id, type, data: kept, metadata })),
    ).to.deep.equal([
      {
        id: 'b6f7f1cb-3d4e-4e0f-9a3a-6a4a3f5b2a10',
        type: 'order.placed',
        data: { items: ['a'] },
        metadata: { by: 'us' },
      },
    ]);
    expect(target?.server.received[0]?.body)
      .to.contain('"event_payload":{"items":["a"]}')
      .and.to.contain('order.placed');
  });
});

describe('a store intercepted with options', () => {
  it('is refused, since intercept has no options', async () => {
    const { actions } = await openActions();
    const emmett = getInMemoryEventStore();
    const options = { checkFirst: true } as never;
    const intercept = actions.intercept as (store: EventStore, ...more: readonly unknown[]) => EventStore;
    const calls = [
      () => intercept(memoryEventStore(), options),
      () => interceptEmmett(emmett, actions, options),
    ];
    for (const call of calls)
      expect(call).to.throw(InvalidArgumentError, /^intercept(Emmett)? has no options; nothing was called/);
    expect(intercept(memoryEventStore(), undefined)).to.have.property('append');
  });
});
