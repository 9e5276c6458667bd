import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { failure } from '../../eventstoredb/double/trailers.js';
import { rejection } from '../../support/openActions.js';
import { binaryEvent, jsonEvent } from '../eventStoreDB/clientUnderTest.js';
import { bodies, placed, refuse } from '../eventStoreDB/interceptClient/scene.js';
import { manualClock } from '../../support/manualClock.js';
import { check, event, open, record, request } from './scene.js';
import { until } from '../../support/conditions.js';

/** Both calls, each given the same events for the same streams. */
const calls = {
  multiStreamAppend: (client: KurrentDBClient) =>
    client.multiStreamAppend([request('order-1', [1, 2]), request('order-2', [3])]),
  appendRecords: (client: KurrentDBClient) =>
    client.appendRecords([record('order-1', 1), record('order-1', 2), record('order-2', 3)]),
};
const all = ['order-1 {"n":1}', 'order-1 {"n":2}', 'order-2 {"n":3}'];

for (const [name, append] of Object.entries(calls))
  describe(`interceptKurrentDB hooks ${name}`, () => {
    it('hands the append on where no target is called', async () => {
      const { guardedClient, stored } = await open();
      const result = await append(guardedClient);
      expect(result.responses).to.deep.equal([
        { streamName: 'order-1', revision: 1n },
        { streamName: 'order-2', revision: 0n },
      ]);
      expect(stored()).to.deep.equal(all);
    });

    it('asks about each event in order, with its stream, and appends it as amended', async () => {
      const { call, guardedClient, stored } = await open();
      const script = ({ body }: { readonly body: string }) => {
        const { event_payload } = JSON.parse(body) as { event_payload: { n: number } };
        return { body: JSON.stringify({ n: event_payload.n * 10 }) };
      };
      const [target] = await call(placed, { type: 'requestResponse', script });
      await append(guardedClient);
      expect(bodies(target!.server).map((body) => [body['stream'], body['event_payload']])).to.deep.equal([
        ['order-1', { n: 1 }],
        ['order-1', { n: 2 }],
        ['order-2', { n: 3 }],
      ]);
      expect(stored()).to.deep.equal(['order-1 {"n":10}', 'order-1 {"n":20}', 'order-2 {"n":30}']);
    });

    it('appends nothing to any stream where the last event is refused', async () => {
      const { call, guardedClient, stored } = await open();
      const script = ({ body }: { readonly body: string }) => (body.includes('"n":3') ? refuse : {});
      const [target] = await call(placed, { interruptOnError: true, script });
      expect(await rejection(append(guardedClient))).to.include({ code: 'TARGET_INTERRUPTED', status: 403 });
      expect(target!.server.received).to.have.length(3);
      expect(stored()).to.deep.equal([]);
    });

    it('asks no target about the events after a refused event', async () => {
      const { call, guardedClient } = await open();
      const script = ({ body }: { readonly body: string }) => (body.includes('"n":1') ? refuse : {});
      const [target] = await call(placed, { interruptOnError: true, script });
      await rejection(append(guardedClient));
      expect(target!.server.received).to.have.length(1);
    });

    it("rejects with the client's own error before any target is called where the server does not have the method", async () => {
      const { call, client, guardedClient } = await open({ appendsTogether: false });
      const [target] = await call(placed, {});
      const own = (await rejection(append(client))) as Error;
      const error = await rejection(append(guardedClient));
      expect(error).to.include({ type: 'unsupported', message: own.message });
      expect((error as object).constructor).to.equal(own.constructor);
      expect(target!.server.received).to.have.length(0);
    });

    it('gives up where the server does not answer, and names all streams and ids', async () => {
      const clock = manualClock();
      const { call, double, guardedClient, stored } = await open({ clock });
      const [target] = await call(placed, {});
      double.faults.silent.add('together');
      const failed = rejection(append(guardedClient)) as Promise<{ readonly eventIDs: readonly string[] }>;
      await until(() => stored().length >= 3);
      await clock.started(1);
      clock.advance(22_000);
      const error = await failed;
      expect(error).to.include({ code: 'OUTCOME_UNKNOWN', stream: 'order-1, order-2' });
      expect(error.eventIDs).to.deep.equal(bodies(target!.server).map((body) => body['event_id']));
    });

    it("passes the client's own errors on", async () => {
      const { call, double, guardedClient } = await open();
      await call(placed, {});
      double.faults.nextCalls('together', failure(status.UNAVAILABLE, 'Server Is Not Ready'));
      expect(await rejection(append(guardedClient))).to.include({ type: 'unavailable' });
      await append(guardedClient);
    });

    it('is refused after close()', async () => {
      const { call, actions, guardedClient, stored } = await open();
      await call(placed, {});
      await actions.close();
      expect(await rejection(append(guardedClient))).to.include({ code: 'ACTIONS_CLOSED' });
      expect(stored()).to.deep.equal([]);
    });
  });

describe('interceptKurrentDB and appends to several streams', () => {
  it('send targets the version that each event will have, when the expectation is an exact version', async () => {
    const { call, client, guardedClient } = await open();
    await client.appendToStream('order-1', [event(0), event(0)]);
    const [target] = await call(placed, {});
    await guardedClient.multiStreamAppend([
      request('order-1', [1, 2], 1n),
      request('order-2', [3], 'no_stream'),
    ]);
    const records = [record('order-1', 4), record('order-2', 5), record('order-1', 6)];
    await guardedClient.appendRecords(records, [check('order-1', 3n)]);
    expect(bodies(target!.server).map(({ sequence }) => sequence)).to.deep.equal([
      2,
      3,
      undefined,
      4,
      undefined,
      5,
    ]);
  });

  it('keep the order of records that alternate between streams', async () => {
    const { call, guardedClient, stored } = await open();
    await call(placed, {});
    await guardedClient.appendRecords([record('order-1', 1), record('order-2', 2), record('order-1', 3)]);
    expect(stored()).to.deep.equal(['order-1 {"n":1}', 'order-2 {"n":2}', 'order-1 {"n":3}']);
  });

  it('write nothing where one expectation does not hold, and say so in the error of the client', async () => {
    const { call, guardedClient, stored } = await open();
    await call(placed, {});
    const requests = [request('order-1', [1]), request('order-2', [2], 'stream_exists')];
    expect(await rejection(guardedClient.multiStreamAppend(requests))).to.include({
      type: 'wrong-expected-version',
      streamName: 'order-2',
    });
    const records = guardedClient.appendRecords([record('order-1', 1)], [check('order-2', 7n)]);
    expect(await rejection(records)).to.include({ type: 'append-consistency-violation' });
    expect(stored()).to.deep.equal([]);
  });

  it('append the judged records, also when the caller changes the arguments meanwhile', async () => {
    const { call, guardedClient, stored } = await open();
    const requests = [request('order-1', [1], 'no_stream'), request('order-2', [2])];
    await call(placed, {
      script: () => {
        Object.assign(requests[0]!, { streamName: 'order-9', expectedState: 'any' });
        requests[1]!.events.push(event(99));
        Object.assign((requests[1]!.events[0] as { data: object }).data, { n: 98 });
        requests.push(request('order-3', [97]));
        return {};
      },
    });
    await guardedClient.multiStreamAppend(requests);
    expect(stored()).to.deep.equal(['order-1 {"n":1}', 'order-2 {"n":2}']);
  });

  it('keep metadata, which are text, and bytes', async () => {
    const { call, guardedClient, double } = await open();
    await call(placed, {});
    const json = jsonEvent({ type: 'order.placed', data: { n: 1 }, metadata: { user: 'ann' } });
    const bytes = binaryEvent({ type: 'order.placed', data: new Uint8Array([1, 2]) });
    await guardedClient.multiStreamAppend([
      { streamName: 'order-1', events: [json, bytes] as never, expectedState: 'any' },
    ]);
    const [first, second] = double.stored().filter(({ stream }) => stream === 'order-1');
    expect(JSON.parse(Buffer.from(first!.metadata).toString())).to.deep.equal({ user: 'ann' });
    expect([...second!.data]).to.deep.equal([1, 2]);
    expect(second!.contentType).to.equal('application/octet-stream');
  });

  class Noted {
    readonly user = 'ann';
    toJSON() {
      return { user: 'ben' };
    }
  }
  const odd: Readonly<Record<string, () => unknown>> = {
    'a member that is undefined': () => ({ user: 'ann', at: undefined }),
    'a function as toJSON': () => ({ toJSON: () => ({ user: 'ann' }) }),
    'an instance of a class': () => new Noted(),
    'a date': () => new Date(0),
    'a map': () => new Map([['user', 'ann']]),
    'no bytes': () => new Uint8Array(),
    'empty bytes': () => Buffer.alloc(0),
    'an empty list': () => [],
    null: () => null,
    text: () => 'eyJhIjoiYiJ9',
  };
  for (const [what, metadata] of Object.entries(odd))
    it(`read metadata as the client does, whether a target is called or not: ${what}`, async () => {
      const { call, client, guardedClient, double } = await open();
      await call(placed, {});
      const tried: unknown[] = [];
      for (const [stream, by] of [
        ['order-1', client],
        ['order-2', guardedClient],
      ] as const) {
        const noted = { ...(event(1) as object), metadata: metadata() } as never;
        const answer = await by
          .multiStreamAppend([{ streamName: stream, events: [noted], expectedState: 'any' }])
          .then(
            () => 'appended',
            (error: unknown) => String(error),
          );
        const stored = double.stored().filter((each) => each.stream === stream);
        tried.push([answer, stored.map((each) => Buffer.from(each.metadata).toString())]);
      }
      expect(tried[1]).to.deep.equal(tried[0]);
    });

  it('send the metadata of the time of the call', async () => {
    const { call, guardedClient, double } = await open();
    const metadata = Object.assign(new Noted(), { at: 'noon' });
    await call(placed, {
      script: () => {
        Object.assign(metadata, { at: 'night', more: 5 });
        return {};
      },
    });
    const noted = { ...(event(1) as object), metadata } as never;
    await guardedClient.multiStreamAppend([{ streamName: 'order-1', events: [noted], expectedState: 'any' }]);
    const [stored] = double.stored().filter(({ stream }) => stream === 'order-1');
    expect(JSON.parse(Buffer.from(stored!.metadata).toString())).to.deep.equal({ user: 'ann', at: 'noon' });
  });

  it('note the depth of the caller as text, for durable deliveries', async () => {
    const { actions, add, guardedClient, double } = await open();
    const { id } = await add({ type: 'async', delivery: 'durable' });
    await actions.executions.set(placed, [id]);
    await actions.runAs({ depth: 2 }, () => guardedClient.multiStreamAppend([request('order-1', [1])]));
    const [stored] = double.stored().filter(({ stream }) => stream === 'order-1');
    expect(JSON.parse(Buffer.from(stored!.metadata).toString())).to.deep.equal({ actionsDepth: '2' });
  });

  it('call no target for system streams and our own streams beside a guarded stream', async () => {
    const { call, guardedClient, stored } = await open();
    const [target] = await call({ event: { all: true } }, {});
    await guardedClient.multiStreamAppend([
      request('$mine', [1]),
      request('order-1', [2]),
      request('actions.target-default.1', [3]),
    ]);
    expect(bodies(target!.server).map(({ stream }) => stream)).to.deep.equal(['order-1']);
    expect(stored()).to.deep.equal(['order-1 {"n":2}', 'actions.target-default.1 {"n":3}']);
  });
});
