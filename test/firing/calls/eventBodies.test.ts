import { expect } from 'chai';
import { memoryEventStore } from '../../../src/index.js';
import type { AppendOptions, Caller, EventData, EventStore, ExpectedVersion } from '../../../src/index.js';
import { openActions } from '../../support/openActions.js';

const id = '7d1c2a34-0f5e-4a6b-9c8d-112233445566';
const now = Date.UTC(2025, 0, 1, 0, 0, 0, 250);

interface Appending {
  readonly stream?: string;
  readonly events?: readonly EventData[];
  readonly options?: AppendOptions;
  readonly caller?: Caller;
  /** The number of events in the stream before the append. */
  readonly before?: number;
  /** The intercepted store, where it is not the store of the targets. */
  readonly intercepted?: EventStore;
}

/** The bodies that one target receives for an append. */
async function bodiesOf({
  stream = 'order-42',
  events,
  options,
  caller = {},
  before = 0,
  intercepted,
}: Appending) {
  const { actions, call, store } = await openActions({ now: () => now });
  const [target] = await call({ event: { all: true } }, {});
  for (let version = 0; version < before; version++) await store.append(stream, [{ type: 'a.b', data: {} }]);
  await actions.runAs(caller, () =>
    actions
      .intercept(intercepted ?? store)
      .append(
        stream,
        events ?? [{ id, type: 'order.placed', data: { total: 3, lines: ['é', null] } }],
        options,
      ),
  );
  return target?.server.received.map(({ body }) => body);
}

const head = '{"aggregateID":"42","aggregateType":"order"';
const payload = '"event_payload":{"total":3,"lines":["é",null]}';

describe('the body of an event', () => {
  it('has its fields in their order, and leaves out ids that are not known', async () => {
    expect(await bodiesOf({})).to.deep.equal([
      `${head},"resourceOwner":"default","instanceID":"default","version":"v1","event_type":"order.placed",` +
        `"created_at":"2025-01-01T00:00:00.250Z",${payload},"event_id":"${id}","stream":"order-42","phase":"before-append"}`,
    ]);
  });

  it('names the caller', async () => {
    const caller = {
      orgID: 'org-1',
      projectID: 'project-1',
      userID: 'user-1',
      fullMethod: '/orders.v1.Orders/Place',
      requestID: 'request-1',
    };
    expect(await bodiesOf({ caller })).to.deep.equal([
      `${head},"resourceOwner":"org-1","instanceID":"default","version":"v1","event_type":"order.placed",` +
        `"created_at":"2025-01-01T00:00:00.250Z","userID":"user-1",${payload},"event_id":"${id}","stream":"order-42",` +
        '"phase":"before-append","fullMethod":"/orders.v1.Orders/Place","orgID":"org-1","projectID":"project-1"}',
    ]);
  });

  it('leaves out ids that are empty', async () => {
    const [body] = (await bodiesOf({ caller: { orgID: '', userID: '', projectID: '' } })) ?? [];
    expect(body)
      .to.contain('"resourceOwner":"default"')
      .and.not.to.match(/orgID|userID|projectID/);
  });

  it('splits the stream name at its first dash, and repeats a name without one', async () => {
    const [dashed] = (await bodiesOf({ stream: 'order-2025-01-7' })) ?? [];
    expect(dashed).to.match(/^\{"aggregateID":"2025-01-7","aggregateType":"order",/);
    const [plain] = (await bodiesOf({ stream: 'ledger' })) ?? [];
    expect(plain)
      .to.match(/^\{"aggregateID":"ledger","aggregateType":"ledger",/)
      .and.to.contain('"stream":"ledger"');
    const [hostile] = (await bodiesOf({ stream: 'a"b-\u2028c' })) ?? [];
    expect(JSON.parse(hostile ?? '')).to.include({ aggregateType: 'a"b', aggregateID: '\u2028c' });
  });

  it('has the version that the event will have where the expectation is exact, for every event of the append', async () => {
    const sequences = async (appending: Appending) => {
      const events = ['a', 'b', 'c'].map((type) => ({ type, data: {} }));
      const bodies = (await bodiesOf({ events, ...appending })) ?? [];
      return bodies.map((body) => (JSON.parse(body) as { sequence?: number }).sequence);
    };
    expect(await sequences({ options: { expectedVersion: 'no-stream' } })).to.deep.equal([0, 1, 2]);
    expect(await sequences({ before: 5, options: { expectedVersion: 4n } })).to.deep.equal([5, 6, 7]);
    const unknown = [undefined, undefined, undefined];
    expect(await sequences({ before: 1, options: { expectedVersion: 'any' } })).to.deep.equal(unknown);
    expect(await sequences({ before: 1, options: { expectedVersion: 'stream-exists' } })).to.deep.equal(
      unknown,
    );
    expect(await sequences({ before: 1 })).to.deep.equal(unknown);
  });

  it('has its sequence between version and event_type', async () => {
    const [body] = (await bodiesOf({ options: { expectedVersion: 'no-stream' } })) ?? [];
    expect(body).to.contain('"version":"v1","sequence":0,"event_type":"order.placed"');
  });

  it('leaves the sequence out for a store that does not count, after 2^53, or with no-stream where the store goes on counting', async () => {
    const { readStream, subscribe, append } = memoryEventStore();
    const bare: EventStore = { readStream, subscribe, append: (stream, events) => append(stream, events) };
    const counting: EventStore = { ...bare, firstVersion: 0n };
    const sequenceOf = async (intercepted: EventStore, expectedVersion: ExpectedVersion) => {
      const [body] = (await bodiesOf({ intercepted, options: { expectedVersion } })) ?? [];
      return (JSON.parse(body ?? '') as { sequence?: number }).sequence;
    };
    expect(await sequenceOf(bare, 3n)).to.equal(undefined);
    expect(await sequenceOf(counting, 3n)).to.equal(4);
    expect(await sequenceOf(counting, 'no-stream')).to.equal(undefined);
    expect(await sequenceOf(counting, 2n ** 53n - 2n)).to.equal(2 ** 53 - 1);
    expect(await sequenceOf(counting, 2n ** 53n - 1n)).to.equal(undefined);
  });

  it('carries bytes as base64 and says so right after the bytes', async () => {
    const [body] =
      (await bodiesOf({ events: [{ id, type: 'blob.kept', data: new Uint8Array([0, 255, 16]) }] })) ?? [];
    expect(body).to.contain(`"event_payload":"AP8Q","encoding":"base64","event_id":"${id}"`);
  });

  it('carries data of every JSON kind', async () => {
    for (const data of [null, true, 0, '', 'text', [], {}, [[1]], { a: { b: null } }]) {
      const [body] = (await bodiesOf({ events: [{ id, type: 'thing.done', data }] })) ?? [];
      expect(body).to.contain(`"event_payload":${JSON.stringify(data)},"event_id"`);
    }
  });

  it('writes the id of an event in lower case, as the id is appended', async () => {
    const [body] =
      (await bodiesOf({ events: [{ id: id.toUpperCase(), type: 'thing.done', data: {} }] })) ?? [];
    expect(body).to.contain(`"event_id":"${id}"`);
  });

  it('has the time of the first call, for every event of the append', async () => {
    let time = now;
    const { call, guarded } = await openActions({ now: () => (time += 1_000) });
    const [target] = await call({ event: { all: true } }, {});
    await guarded.append('a-1', [
      { type: 'a.b', data: {} },
      { type: 'a.c', data: {} },
    ]);
    const times = target?.server.received.map(
      ({ body }) => (JSON.parse(body) as { created_at: string }).created_at,
    );
    expect(times).to.have.length(2);
    expect(times?.[0]).to.equal(times?.[1]);
  });
});
