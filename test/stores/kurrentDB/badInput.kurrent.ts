import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { expect } from 'chai';
import { rejection } from '../../support/openActions.js';
import { jsonEvent } from '../eventStoreDB/clientUnderTest.js';
import { orderPlaced, placed } from '../eventStoreDB/interceptClient/scene.js';
import { manualClock } from '../../support/manualClock.js';
import { check, event, open, record, request } from './scene.js';

describe('interceptKurrentDB and appends to several streams that the client would not answer', () => {
  const wrong: Readonly<Record<string, (client: KurrentDBClient) => Promise<unknown>>> = {
    'no array of requests': (client) => client.multiStreamAppend(undefined as never),
    'a request that is none': (client) => client.multiStreamAppend([null as never]),
    'a request without events': (client) =>
      client.multiStreamAppend([{ ...request('order-1', []), events: undefined as never }]),
    'a request without an expectation': (client) =>
      client.multiStreamAppend([{ ...request('order-1', [1]), expectedState: undefined as never }]),
    'an expectation of -1, which the protocol takes for no_stream': (client) =>
      client.multiStreamAppend([request('order-1', [1], -1n)]),
    'an expectation of -2, which the protocol takes for any': (client) =>
      client.appendRecords([record('order-1', 1)], [check('order-1', -2n)]),
    'an expectation of 2^64 - 1, which is sent as -1': (client) =>
      client.multiStreamAppend([request('order-1', [1], 2n ** 64n - 1n)]),
    'an expectation of 2^64 - 2, which is sent as -2': (client) =>
      client.appendRecords([record('order-1', 1)], [check('order-1', 2n ** 64n - 2n)]),
    'an expectation of 2^63, which is sent as a negative number': (client) =>
      client.multiStreamAppend([request('order-1', [1], 2n ** 63n)]),
    'a list of events with a hole': (client) =>
      client.multiStreamAppend([{ ...request('order-1', []), events: Array(2) as never }]),
    'a check without an expectation': (client) =>
      client.appendRecords([record('order-1', 1)], [check('order-1', undefined as never)]),
    'a stream without a name': (client) => client.multiStreamAppend([request(undefined as never, [1])]),
    'a record that is none': (client) => client.appendRecords([undefined as never]),
    'a record without an event': (client) =>
      client.appendRecords([{ streamName: 'order-1', record: undefined as never }]),
    'data that do not serialise': (client) =>
      client.multiStreamAppend([
        {
          ...request('order-1', []),
          events: [jsonEvent({ type: 'order.placed', data: { n: 5n } as never })] as never,
        },
      ]),
    'a content type that the client leaves without an answer': (client) =>
      client.multiStreamAppend([
        {
          ...request('order-1', []),
          events: [{ ...(event(1) as object), contentType: 'text/plain' }] as never,
        },
      ]),
  };
  for (const [what, append] of Object.entries(wrong))
    for (const called of ['no target', 'a target'])
      it(`refuse ${what}, where ${called} is called`, async () => {
        const { call, guardedClient, stored } = await open();
        const [target] = called === 'a target' ? await call({ event: { all: true } }, {}) : [];
        expect(await rejection(append(guardedClient))).to.include({ code: 'INVALID_ARGUMENT' });
        expect(target?.server.received ?? []).to.have.length(0);
        expect(stored()).to.deep.equal([]);
      });

  it("refuse metadata that are not text in the client's words, before any target is called", async () => {
    const { call, guardedClient, stored } = await open();
    const [target] = await call(placed, {});
    const numbered = jsonEvent({ type: 'order.placed', data: {}, metadata: { n: 1 } });
    const requests = [{ ...request('order-1', []), events: [numbered] as never }];
    expect(await rejection(guardedClient.multiStreamAppend(requests)))
      .to.have.property('message')
      .that.contains('string keys and string values');
    expect(target!.server.received).to.have.length(0);
    expect(stored()).to.deep.equal([]);
  });

  it('give up where the server does not say which methods it has, before any target is called', async () => {
    const clock = manualClock();
    const { call, double, guardedClient } = await open({ clock });
    const [target] = await call(placed, {});
    double.faults.silent.add('features');
    const failed = rejection(guardedClient.multiStreamAppend([request('order-1', [1])]));
    await clock.started(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    clock.advance(22_000);
    expect(await failed).to.include({ code: 'EVENT_STORE_UNAVAILABLE' });
    expect(target!.server.received).to.have.length(0);
  });

  it('refuse an expectation by the name of the other client, which would be ignored', async () => {
    const { guardedClient, stored } = await open();
    const options = { expectedRevision: 'no_stream' } as object;
    const error = await rejection(guardedClient.appendToStream('order-1', orderPlaced(), options));
    expect(error).to.include({ code: 'INVALID_ARGUMENT' }).and.property('message').contains('streamState');
    expect(stored()).to.deep.equal([]);
  });
});
