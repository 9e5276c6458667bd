import { expect } from 'chai';
import { createActions, memoryEventStore } from '../../src/index.js';
import type { ActionsOptions, AddTarget, Condition, EventStore } from '../../src/index.js';
import { openActions, rejection, allStoreKinds } from '../support/openActions.js';

const fine = { type: 'order.placed', data: {} };

const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;

const deep = (levels: number): unknown => {
  let value: unknown = 0;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
};

/** Arguments of an append that do not compile. */
const appends: Readonly<Record<string, readonly [stream: unknown, events: unknown, options?: unknown]>> = {
  'an empty stream name': ['', [fine]],
  'a stream name that is a number': [7, [fine]],
  'a stream name with half a surrogate pair': ['order-\ud800', [fine]],
  'expectedVersion -1n': ['order-1', [fine], { expectedVersion: -1n }],
  'expectedVersion 2^64': ['order-1', [fine], { expectedVersion: 2n ** 64n }],
  'expectedVersion as a number': ['order-1', [fine], { expectedVersion: 0 }],
  'expectedVersion as another word': ['order-1', [fine], { expectedVersion: 'no_stream' }],
  'events that are no array': ['order-1', fine],
  'an event that is null': ['order-1', [fine, null]],
  'an event without a type': ['order-1', [fine, { data: {} }]],
  'an event with an empty type': ['order-1', [fine, { type: '', data: {} }]],
  'an event without data': ['order-1', [fine, { type: 'order.placed' }]],
  'data with a BigInt': ['order-1', [fine, { type: 'order.placed', data: { total: 1n } }]],
  'data with a cycle': ['order-1', [{ type: 'order.placed', data: cycle }]],
  'data 100 000 levels deep': ['order-1', [{ type: 'order.placed', data: deep(100_000) }]],
  'data that are a function': ['order-1', [{ type: 'order.placed', data: () => 1 }]],
  'data whose toJSON throws': [
    'order-1',
    [
      {
        type: 'order.placed',
        data: {
          toJSON() {
            throw new Error('no');
          },
        },
      },
    ],
  ],
  'bytes in another view': ['order-1', [{ type: 'order.placed', data: new Uint16Array(2) }]],
  'metadata that are an array': ['order-1', [{ ...fine, metadata: [] }]],
  'metadata with a BigInt': ['order-1', [{ ...fine, metadata: { at: 1n } }]],
  'an id that is no UUID': ['order-1', [{ ...fine, id: 'order-1' }]],
  'the nil UUID': ['order-1', [{ ...fine, id: '00000000-0000-0000-0000-000000000000' }]],
};

for (const storeKind of allStoreKinds)
  describe(`bad input of an append (${storeKind})`, () => {
    for (const [name, [stream, events, options]] of Object.entries(appends))
      it(`is refused before anything is called or written: ${name}`, async () => {
        const { call, guarded, store, read } = await openActions({ storeKind });
        const [target] = await call({ event: { all: true } }, {});
        const before = await store.head?.();
        const append = (guarded as { append(...parameters: unknown[]): Promise<unknown> }).append;
        const error = await rejection(append(stream, events, options));
        expect(error).to.include({ code: 'INVALID_ARGUMENT', status: 400 });
        expect(target?.server.connections()).to.equal(0);
        expect(await store.head?.()).to.equal(before);
        expect(await read('order-1')).to.deep.equal([]);
      });
  });

describe('bad input', () => {
  const target = (changes: object): AddTarget => ({
    name: 'policy',
    type: 'webhook',
    endpoint: 'https://policy.example/',
    ...changes,
  });

  const added: Readonly<Record<string, object>> = {
    'an empty name': { name: '' },
    'a name of blanks': { name: ' \u3000\u2800' },
    'a name of characters that show nothing': { name: '\u00ad\u034f\u115f\u180e\u3164\ufffb\u{e0041}' },
    'a name of 1001 characters': { name: 'n'.repeat(1_001) },
    'no name': { name: undefined },
    'the endpoint ://': { endpoint: '://' },
    'an empty endpoint': { endpoint: '' },
    'a relative endpoint': { endpoint: '/hook' },
    'an endpoint of another scheme': { endpoint: 'ftp://policy.example/' },
    'an endpoint on loopback': { endpoint: 'http://127.0.0.1:8080/' },
    'an endpoint with user and password': { endpoint: 'https://user:secret@policy.example/' },
    'a timeout of 0 ms': { timeoutMs: 0 },
    'a negative timeout': { timeoutMs: -1 },
    'a timeout above the maximum': { timeoutMs: 270_001 },
    'a timeout that is text': { timeoutMs: '1s' },
    'a timeout that is not a number': { timeoutMs: NaN },
    'an unknown type': { type: 'call' },
    'an unknown field': { retries: 3 },
    'a reserved header': { headers: { Host: 'elsewhere' } },
    'a header value with a line break': { headers: { 'x-a': 'b\r\nx-evil: 1' } },
    'more than all calls enforced': { enforcePercent: 101 },
    'an async target that interrupts': { type: 'async', interruptOnError: true },
    'durable delivery of a webhook': { type: 'webhook', delivery: 'durable' },
    'jwt without keys for it': { payloadType: 'jwt' },
  };
  for (const [name, changes] of Object.entries(added))
    it(`of targets.add writes nothing: ${name}`, async () => {
      const { actions, store } = await openActions();
      const error = await rejection(actions.targets.add(target(changes)));
      expect(error).to.include({ code: 'INVALID_ARGUMENT', status: 400 });
      expect(await store.head?.()).to.equal(0n);
    });

  it('of targets.change writes nothing, and an unknown target is not found', async () => {
    const { actions, add, store } = await openActions();
    const { id } = await add();
    const before = await store.head?.();
    for (const changes of [
      { name: '' },
      { name: '\u3164' },
      { timeoutMs: 0 },
      { endpoint: '://' },
      { endpont: 'x' },
      { type: 'async', interruptOnError: true },
    ]) {
      const error = await rejection(actions.targets.change(id, changes as object));
      expect(error, JSON.stringify(changes)).to.include({ code: 'INVALID_ARGUMENT' });
    }
    const missing = await rejection(actions.targets.change('missing', { timeoutMs: 1 }));
    expect(missing).to.include({ code: 'TARGET_NOT_FOUND', status: 404 });
    expect(await store.head?.()).to.equal(before);
  });

  it('of executions.set writes nothing', async () => {
    const { actions, add, store } = await openActions();
    const { id } = await add();
    const before = await store.head?.();
    const all = { event: { all: true } };
    for (const [condition, entries] of [
      [{}, [id]],
      [{ event: {} }, [id]],
      [{ event: { event: '' } }, [id]],
      [{ event: { event: 'a.*' } }, [id]],
      [{ event: { group: 'a..b' } }, [id]],
      [{ event: { all: true, event: 'a' } }, [id]],
      [{ request: { method: '/a/b/c' } }, [id]],
      [{ event: { all: true }, function: { name: 'f' } }, [id]],
      [all, id],
      [all, ['']],
      [all, [7]],
      [all, [id, id]],
      [all, [{ include: 'event' }]],
      [all, [{ include: { event: { all: true } }, more: 1 }]],
      [all, Array.from({ length: 101 }, (_, place) => `target-${place}`)],
    ] as unknown as readonly (readonly [Condition, readonly string[]])[]) {
      const error = await rejection(actions.executions.set(condition, entries));
      expect(error, JSON.stringify([condition, entries])).to.include({ code: 'INVALID_ARGUMENT' });
    }
    expect(await store.head?.()).to.equal(before);
  });

  it('of createActions opens nothing', async () => {
    let subscriptions = 0;
    const memory = memoryEventStore();
    const eventStore: EventStore = {
      ...memory,
      subscribe: (options) => {
        subscriptions += 1;
        return memory.subscribe(options);
      },
    };
    for (const options of [
      {},
      { eventStore: {} },
      { eventStore, evenstore: 1 },
      { eventStore, mode: 'observed' },
      { eventStore, instanceID: 'a.b' },
      { eventStore, instanceID: '' },
      { eventStore, limits: { budgetMs: 0 } },
      { eventStore, limits: { bugdetMs: 10 } },
      { eventStore, limits: { asyncAtOnce: 0 } },
      { eventStore, network: { allow: ['not a host'] } },
      { eventStore, axios: {} },
      { eventStore, keyring: 'plain' },
      { eventStore, keyring: {} },
      { eventStore, schemas: { events: { 'a.b': {} } } },
      { eventStore, schemas: { event: {} } },
      { eventStore, eventName: 'type' },
      { eventStore, onCall: true },
      { eventStore, now: 7 },
      { eventStore, generateID: 'uuid' },
    ] as unknown as ActionsOptions[]) {
      const error = await rejection(createActions(options));
      expect(error, JSON.stringify(Object.entries(options).at(-1))).to.include({ code: 'INVALID_ARGUMENT' });
    }
    expect(subscriptions).to.equal(0);
  });

  it('of runAs, request and explain is an error of the same kind', async () => {
    const { actions } = await openActions();
    for (const caller of [{ instanceID: '' }, { instanceID: 'a b' }, { userID: 7 }, { user: 'x' }, null])
      expect(() => actions.runAs(caller as object, () => undefined)).to.throw(/caller/);
    expect(await rejection(actions.request('no slash', {}))).to.include({ code: 'INVALID_ARGUMENT' });
    expect(await rejection(actions.function('', {}))).to.include({ code: 'INVALID_ARGUMENT' });
    expect(() => actions.explain({} as never))
      .to.throw()
      .and.include({ code: 'INVALID_ARGUMENT' });
  });
});
