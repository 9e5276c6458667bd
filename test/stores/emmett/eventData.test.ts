import { expect } from 'chai';
import { bodies, json } from '../../support/answers.js';
import { rejection } from '../../support/openActions.js';
import { open, orderPaid, orderPlaced, placed, stored, type OrderEvent } from './scene.js';

const at = new Date('2026-01-02T03:04:05.678Z');

/** A value object, as people put them into events. */
class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
  toJSON(): string {
    return (this.cents / 100).toFixed(2);
  }
}

describe('data of events of Emmett', () => {
  it('reach the store as they are where nobody is called, JSON or not', async () => {
    const { call, emmett, guardedEmmett } = await open();
    await call({ event: { event: 'order.paid' } }, {});
    const event = orderPlaced({ total: 5n, at, seen: new Set([1]), self: {} });
    event.data['self'] = event;
    await guardedEmmett.appendToStream('order-1', [event]);
    const { events } = await emmett.readStream('order-1');
    expect(events[0]!.data).to.equal(event.data);
  });

  it('are refused without JSON where somebody is to be called, before anybody is', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const [target] = await call({ event: { group: 'order' } }, {});
    for (const data of [{ total: 5n }, undefined as never]) {
      const events: OrderEvent[] = [orderPaid(), orderPlaced()];
      const error = await rejection(
        guardedEmmett.appendToStream<OrderEvent>('order-1', [...events, { type: 'order.placed', data }]),
      );
      expect(error).to.include({ code: 'INVALID_ARGUMENT' });
      expect(error).to.have.property('message').that.contains('events[2].data cannot be written as JSON');
    }
    expect(target!.server.received).to.have.length(0);
    expect(await emmett.streamExists('order-1')).to.equal(false);
  });

  it('need no JSON beside an event that somebody is called for', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const [target] = await call(placed, {});
    const paid = orderPaid({ cents: 5n, at });
    await guardedEmmett.appendToStream<OrderEvent>('order-1', [paid, orderPlaced()]);
    expect(target!.server.received).to.have.length(1);
    const { events } = await emmett.readStream('order-1');
    expect(events[0]!.data).to.deep.equal(paid.data);
  });

  it('stay what they are where the targets change nothing, whatever JSON makes of them', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const [target] = await call(placed, {});
    const data = {
      at,
      price: new Money(1_250),
      seen: new Set([1]),
      note: undefined,
      rate: Number.NaN,
      lines: [{ at }, undefined, [at]],
    };
    await guardedEmmett.appendToStream('order-1', [orderPlaced(data)]);
    expect(bodies(target!.server)[0]!['event_payload']).to.deep.equal({
      at: at.toISOString(),
      price: '12.50',
      seen: {},
      rate: null,
      lines: [{ at: at.toISOString() }, null, [at.toISOString()]],
    });
    expect(await stored(emmett, 'order-1')).to.deep.equal([orderPlaced(data)]);
  });

  it('stay what they are in an answer that only changes others, also in another order', async () => {
    const { call, emmett, guardedEmmett } = await open();
    await call(placed, {
      type: 'requestResponse',
      script: ({ body }) => {
        const { event_payload: data } = JSON.parse(body) as { event_payload: Record<string, unknown> };
        const { at: _, lines, ...rest } = data;
        return json({
          lines: [...(lines as unknown[]), 'last'],
          ...Object.fromEntries(Object.entries(rest).reverse()),
          delivery: { at: '2027-01-01T00:00:00.000Z', from: at.toISOString() },
          total: 6,
        });
      },
    });
    const delivery = { at, from: at };
    const price = new Money(1_250);
    await guardedEmmett.appendToStream('order-1', [
      orderPlaced({ at, total: 5, price, delivery, lines: [{ at }] }),
    ]);
    expect(await stored(emmett, 'order-1')).to.deep.equal([
      orderPlaced({
        price,
        total: 6,
        delivery: { at: '2027-01-01T00:00:00.000Z', from: at },
        lines: [{ at }, 'last'],
      }),
    ]);
  });

  it('may be of any shape in the answer, where an object stands for an object', async () => {
    const { call, emmett, guardedEmmett } = await open();
    await call(placed, {
      type: 'requestResponse',
      script: { body: '{"list":{"0":1},"map":[1],"price":{"cents":1},"toString":1}' },
    });
    await guardedEmmett.appendToStream('order-1', [
      orderPlaced({ list: [1], map: { 0: 1 }, price: new Money(1) }),
    ]);
    const { events } = await emmett.readStream('order-1');
    expect(JSON.stringify(events[0]!.data)).to.equal(
      '{"list":{"0":1},"map":[1],"price":{"cents":1},"toString":1}',
    );
  });

  it('may have members named like those that every object has', async () => {
    const { call, emmett, guardedEmmett } = await open();
    await call(placed, {});
    const text = '{"__proto__":{"total":7},"toString":1}';
    await guardedEmmett.appendToStream('order-1', [orderPlaced(JSON.parse(text) as Record<string, unknown>)]);
    const { events } = await emmett.readStream('order-1');
    expect(JSON.stringify(events[0]!.data)).to.equal(text);
    expect(events[0]!.data).not.to.have.property('total');
  });

  it('are what the targets approved, whatever becomes of the event meanwhile', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const data = { total: 5, lines: [{ total: 5 }], at: new Date(at) };
    const events: OrderEvent[] = [{ ...orderPlaced(data) }];
    const options: { expectedStreamVersion?: bigint } = {};
    await call(placed, {
      script: () => {
        Object.assign(data, { total: 1_000, more: true, lines: [{ total: 1_000 }, {}] });
        data.at.setTime(0);
        Object.assign(events[0]!, { type: 'order.paid', data: { total: 2_000 } });
        events.push(orderPaid());
        options.expectedStreamVersion = 7n;
        return {};
      },
    });
    await guardedEmmett.appendToStream<OrderEvent>('order-1', events, options);
    expect(await stored(emmett, 'order-1')).to.deep.equal([
      orderPlaced({ total: 5, lines: [{ total: 5 }], at: at.toISOString() }),
    ]);
  });

  it('are shown as the handler made them and reach the downcast with their types', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const [target] = await call(placed, {
      type: 'requestResponse',
      script: ({ body }) => {
        const { event_payload: data } = JSON.parse(body) as { event_payload: object };
        return json({ ...data, checked: true });
      },
    });
    await guardedEmmett.appendToStream('order-1', [orderPlaced({ at })], {
      schema: {
        versioning: {
          downcast: ({ type, data }) => ({ type, data: { ...data, at: (data['at'] as Date).getTime() } }),
        },
      },
    });
    expect(bodies(target!.server)[0]!['event_payload']).to.deep.equal({ at: at.toISOString() });
    expect(await stored(emmett, 'order-1')).to.deep.equal([orderPlaced({ at: at.getTime(), checked: true })]);
  });

  it('that are bytes can be watched and refused, not amended', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const [target] = await call(placed, {
      type: 'requestResponse',
      interruptOnError: true,
      script: { body: '"AQ=="' },
    });
    const event = orderPlaced(new Uint8Array([1, 2, 3]) as never);
    expect(await rejection(guardedEmmett.appendToStream('order-1', [event]))).to.include({
      code: 'TARGET_INTERRUPTED',
      reason: 'answer-invalid',
    });
    target!.server.answer({});
    await guardedEmmett.appendToStream('order-1', [event]);
    expect(bodies(target!.server)[1]).to.include({ event_payload: 'AQID', encoding: 'base64' });
    expect(await stored(emmett, 'order-1')).to.deep.equal([event]);
  });
});
