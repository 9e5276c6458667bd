import type { EventData } from '@eventstore/db-client';
import { expect } from 'chai';
import { rejection } from '../../../support/openActions.js';
import { settles } from '../fixture.js';
import { manualClock } from '../../../support/manualClock.js';
import { open, orderPlaced } from './scene.js';
import { binaryEvent, expecting, jsonEvent } from '../clientUnderTest.js';

describe('interceptClient answers where the client never would', () => {
  const unsendable: Readonly<Record<string, EventData>> = {
    'a bigint': jsonEvent({ type: 'order.placed', data: { total: 5n } as never }),
    'no data': jsonEvent({ type: 'order.placed', data: undefined as never }),
    'an empty type': jsonEvent({ type: '', data: {} }),
    'no type': jsonEvent({ type: undefined as never, data: {} }),
    'half a surrogate pair': jsonEvent({ type: '\ud800', data: {} }),
    'an id that is no UUID': jsonEvent({ id: 'order-1', type: 'order.placed', data: {} }),
    'the nil UUID': jsonEvent({
      id: '00000000-0000-0000-0000-000000000000',
      type: 'order.placed',
      data: {},
    }),
    'a bigint in the metadata': jsonEvent({ type: 'order.placed', data: {}, metadata: { at: 5n } }),
    'bytes that are none': {
      ...binaryEvent({ type: 'order.placed', data: new Uint8Array() }),
      data: new Date() as never,
    },
    'no event': null as never,
  };
  for (const [what, event] of Object.entries(unsendable))
    it(`refuses ${what} before a target is called`, async () => {
      const { call, guardedClient, double } = await open();
      const [target] = await call({ event: { all: true } }, {});
      expect(await rejection(guardedClient.appendToStream('order-1', event))).to.include({
        code: 'INVALID_ARGUMENT',
      });
      expect(target!.server.received).to.have.length(0);
      expect(double.stored()).to.have.length(0);
    });

  for (const called of ['no target', 'a target'])
    it(`refuses a list with a hole, where ${called} is called`, async () => {
      const { call, guardedClient, double } = await open();
      const [target] = called === 'a target' ? await call({ event: { all: true } }, {}) : [];
      const holed = [orderPlaced()];
      holed[2] = orderPlaced();
      const error = await rejection(guardedClient.appendToStream('order-1', holed));
      expect(error).to.include({ code: 'INVALID_ARGUMENT' });
      expect(error).to.have.property('message').that.includes('event 2 of the append to "order-1"');
      expect(target?.server.received ?? []).to.have.length(0);
      expect(double.stored()).to.have.length(0);
    });

  for (const [what, options] of Object.entries({
    'a negative revision': expecting(-1n),
    'a word that is no revision': expecting('no-stream'),
    'a deadline that is no number': { deadline: Number.NaN },
  }))
    it(`refuses ${what}`, async () => {
      const { guardedClient } = await open();
      expect(await rejection(guardedClient.appendToStream('order-1', orderPlaced(), options))).to.include({
        code: 'INVALID_ARGUMENT',
      });
    });

  it('gives up on an append that is never answered, after which the client works again', async () => {
    const clock = manualClock();
    const { double, guardedClient } = await open('', { clock });
    await guardedClient.appendToStream('order-1', orderPlaced());
    double.gates.commits.close();
    const event = orderPlaced();
    const append = rejection(guardedClient.appendToStream('order-1', event, expecting(0n)));
    await double.gates.commits.arrived(1);
    clock.advance(22_000);
    expect(await append).to.deep.include({
      code: 'OUTCOME_UNKNOWN',
      stream: 'order-1',
      eventIDs: [event.id],
      expectedVersion: 0n,
    });
    double.gates.commits.open();
    const again = await guardedClient.appendToStream('order-1', event, expecting(0n));
    expect(again.nextExpectedRevision).to.equal(1n);
    expect(await settles(guardedClient.dispose())).to.equal(true);
  });

  it('says that the outcome is unknown where the server ends the batch stream', async () => {
    const { double, guardedClient } = await open();
    double.faults.nextAppends({ commit: true, then: 'end' });
    expect(await rejection(guardedClient.appendToStream('order-1', orderPlaced()))).to.include({
      code: 'OUTCOME_UNKNOWN',
    });
    await guardedClient.appendToStream('order-1', orderPlaced());
  });
});
