import { STREAM_DOES_NOT_EXIST } from '@event-driven-io/emmett';
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { bodies, json, refusal } from '../../support/answers.js';
import { rejection } from '../../support/openActions.js';
import { open, orderPaid, orderPlaced, placed, stored, type OrderEvent } from './scene.js';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('interceptEmmett calls the targets first', () => {
  it('and sends them the events and the stream, but no version', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const [target] = await call(placed, {});
    const answer = await guardedEmmett.appendToStream('order-1', [orderPlaced()], {
      expectedStreamVersion: STREAM_DOES_NOT_EXIST,
    });
    expect(answer).to.deep.equal({ nextExpectedStreamVersion: 1n, createdNewStream: true });
    await guardedEmmett.appendToStream('order-1', [orderPlaced()], { expectedStreamVersion: 1n });
    const [first, second] = bodies(target!.server);
    expect(first).to.include({
      stream: 'order-1',
      aggregateType: 'order',
      aggregateID: '1',
      event_type: 'order.placed',
      phase: 'before-append',
    });
    expect(first!['event_payload']).to.deep.equal({ total: 5 });
    expect([first, second].some((body) => 'sequence' in body!)).to.equal(false);
    expect(await stored(emmett, 'order-1')).to.deep.equal([orderPlaced(), orderPlaced()]);
  });

  it('and appends the data as amended, and type, kind and metadata unchanged', async () => {
    const { call, emmett, guardedEmmett } = await open();
    await call(placed, { type: 'requestResponse', script: json({ total: 6 }) });
    const event = { ...orderPlaced(), kind: 'Event' as const, metadata: { userID: 'u-1', at: 5n } };
    await guardedEmmett.appendToStream('order-1', [event]);
    const { events } = await emmett.readStream('order-1');
    expect(events[0]).to.deep.include({ type: 'order.placed', kind: 'Event', data: { total: 6 } });
    expect(events[0]!.metadata).to.include({ userID: 'u-1', at: 5n });
    expect(event.data).to.deep.equal({ total: 5 });
  });

  it('and appends nothing where a target refuses', async () => {
    const { call, emmett, guardedEmmett } = await open();
    await call(placed, { interruptOnError: true, script: refusal(403, 'not yours') });
    const error = await rejection(guardedEmmett.appendToStream('order-1', [orderPlaced()]));
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', status: 403, message: 'not yours' });
    expect(await emmett.streamExists('order-1')).to.equal(false);
  });

  it('and appends nothing of several events where the last event is refused, after calls for all events in order', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const [target] = await call(
      { event: { group: 'order' } },
      {
        interruptOnError: true,
        script: ({ body }) => (body.includes('"stolen"') ? refusal(409, 'no') : {}),
      },
    );
    const events: OrderEvent[] = [orderPlaced(), orderPaid(), orderPaid({ method: 'stolen' })];
    expect(await rejection(guardedEmmett.appendToStream<OrderEvent>('order-1', events))).to.include({
      status: 409,
    });
    expect(bodies(target!.server).map((body) => body['event_type'])).to.deep.equal([
      'order.placed',
      'order.paid',
      'order.paid',
    ]);
    expect(await emmett.streamExists('order-1')).to.equal(false);
  });

  it('for the matching events of several, and appends all events', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const [target] = await call(placed, { type: 'requestResponse', script: json({ total: 6 }) });
    await guardedEmmett.appendToStream<OrderEvent>('order-1', [orderPaid(), orderPlaced(), orderPaid()]);
    expect(target!.server.received).to.have.length(1);
    expect(await stored(emmett, 'order-1')).to.deep.equal([
      orderPaid(),
      orderPlaced({ total: 6 }),
      orderPaid(),
    ]);
  });

  it('and refuses an amended event that does not fit its schema', async () => {
    const { call, emmett, guardedEmmett } = await open({
      schemas: {
        events: {
          'order.placed': {
            safeParse: (data) => ({ success: typeof (data as { total: unknown }).total === 'number' }),
          },
        },
      },
    });
    await call(placed, { type: 'requestResponse', interruptOnError: true, script: json({ total: 'many' }) });
    const error = await rejection(guardedEmmett.appendToStream('order-1', [orderPlaced()]));
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', reason: 'schema' });
    expect(await emmett.streamExists('order-1')).to.equal(false);
  });

  it('and does not wait for async targets', async () => {
    const { call, emmett, guardedEmmett } = await open();
    let answer = (): void => undefined;
    const [target] = await call(placed, {
      type: 'async',
      script: () => new Promise((resolve) => (answer = () => resolve({}))),
    });
    await guardedEmmett.appendToStream('order-1', [orderPlaced()]);
    expect(await emmett.streamExists('order-1')).to.equal(true);
    await target!.server.whenReceived(1);
    answer();
  });

  it('and sends them the caller, in the instance of the caller', async () => {
    const { actions, call, guardedEmmett } = await open();
    const [target] = await call(placed, {});
    await actions.runAs({ orgID: 'org-1', userID: 'u-1' }, () =>
      guardedEmmett.appendToStream('order-1', [orderPlaced()]),
    );
    expect(bodies(target!.server)[0]).to.include({ orgID: 'org-1', userID: 'u-1', resourceOwner: 'org-1' });
    await actions.runAs({ instanceID: 'another' }, () =>
      guardedEmmett.appendToStream('order-1', [orderPlaced()]),
    );
    expect(target!.server.received).to.have.length(1);
  });

  it('but none for system streams and our own streams', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const [target] = await call({ event: { all: true } }, { interruptOnError: true, script: 'reset' });
    for (const stream of ['$mine', 'actions.target-default.1'])
      await guardedEmmett.appendToStream(stream, [orderPlaced()]);
    expect(target!.server.received).to.have.length(0);
    expect(await emmett.streamExists('$mine')).to.equal(true);
  });
});

describe('the event id that interceptEmmett sends to targets', () => {
  it('names the call: the store gives the event another', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const [target] = await call(placed, {});
    await guardedEmmett.appendToStream('order-1', [orderPlaced(), orderPlaced()]);
    const told = bodies(target!.server).map((body) => body['event_id']);
    const { events } = await emmett.readStream('order-1');
    expect(new Set([...told, ...events.map(({ metadata }) => metadata.messageId)])).to.have.property(
      'size',
      4,
    );
    for (const id of told) expect(id).to.match(uuid);
  });

  it('is the message id of the event, which distinguishes a repeat from a new event', async () => {
    const { call, guardedEmmett } = await open();
    const [target] = await call(placed, {});
    const event = { ...orderPlaced(), metadata: { messageId: randomUUID() } };
    for (let attempt = 0; attempt < 2; attempt++) await guardedEmmett.appendToStream('order-1', [event]);
    expect(bodies(target!.server).map((body) => body['event_id'])).to.deep.equal([
      event.metadata.messageId,
      event.metadata.messageId,
    ]);
    const [first, second] = target!.server.received.map(({ headers }) => headers['webhook-id']);
    expect(first).to.equal(second);
  });

  it('is the message id also where Emmett writes the id without hyphens, in the form of a UUID', async () => {
    const { call, guardedEmmett } = await open();
    const [target] = await call(placed, {});
    const id = randomUUID();
    const metadata = { messageId: id.replaceAll('-', '').toUpperCase() };
    await guardedEmmett.appendToStream('order-1', [{ ...orderPlaced(), metadata }]);
    expect(bodies(target!.server)[0]!['event_id']).to.equal(id);
  });

  for (const messageId of [
    'order-1-placed',
    '0'.repeat(32),
    'a'.repeat(31),
    'a'.repeat(33),
    '00000000-0000-0000-0000-000000000000',
    7,
    undefined,
  ])
    it(`is another where the message id is ${String(messageId)}, which stays`, async () => {
      const { call, emmett, guardedEmmett } = await open();
      const [target] = await call(placed, {});
      const seen: unknown[] = [];
      const { appendToStream } = emmett;
      emmett.appendToStream = (stream, events, options) => {
        seen.push(...events);
        return appendToStream(stream, events, options);
      };
      await guardedEmmett.appendToStream('order-1', [{ ...orderPlaced(), metadata: { messageId } }]);
      expect(bodies(target!.server)[0]!['event_id']).to.match(uuid).and.not.to.equal(messageId);
      expect(seen).to.deep.equal([{ ...orderPlaced(), metadata: { messageId } }]);
    });
});
