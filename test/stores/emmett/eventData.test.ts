import { expect } from 'chai';
import { bodies, json } from '../../support/answers.js';
import { rejection } from '../../support/openActions.js';
import { open, orderPaid, orderPlaced, placed, stored, type OrderEvent } from './scene.js';

const at = new Date('2026-01-02T03:04:05.678Z');

/** A value object, as applications put them into events. */
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
  it('reach the store unchanged where no target is called, JSON or not', async () => {
    const { call, emmett, guardedEmmett } = await open();
    await call({ event: { event: 'order.paid' } }, {});
    const event = orderPlaced({ total: 5n, at, seen: new Set([1]), self: {} });
    event.data['self'] = event;
    await guardedEmmett.appendToStream('order-1', [event]);
    const { events } = await emmett.readStream('order-1');
    expect(events[0]!.data).to.equal(event.data);
  });

  it('without JSON are an error of each target that they should be sent to, and are appended when no target interrupts', async () => {
    const { call, add, actions, emmett, guardedEmmett, reports } = await open();
    const [watching, amending] = await call(
      { event: { group: 'order' } },
      {},
      { type: 'requestResponse', script: json({ total: 6 }) },
    );
    const circle: Record<string, unknown> = { at };
    circle['self'] = circle;
    const withoutJSON = [{ total: 5n }, circle, undefined as never, () => 1, { toJSON: () => undefined }];
    for (const [place, data] of withoutJSON.entries()) {
      const stream = `order-${place}`;
      await guardedEmmett.appendToStream(stream, [{ type: 'order.placed', data: data as never }]);
      const { events } = await emmett.readStream(stream);
      expect(events[0]!.data).to.deep.equal(data);
    }
    expect(reports.map(({ reason }) => reason)).to.deep.equal(Array(10).fill('content-invalid'));
    expect([watching, amending].map((each) => each!.server.connections())).to.deep.equal([0, 0]);
    const { id } = await add({ interruptOnError: true });
    await actions.executions.set({ event: { group: 'order' } }, [id]);
    expect(await rejection(guardedEmmett.appendToStream('order-9', [orderPlaced({ total: 5n })]))).to.include(
      { code: 'TARGET_INTERRUPTED', reason: 'content-invalid', targetID: id },
    );
    expect(await emmett.streamExists('order-9')).to.equal(false);
  });

  it('need no JSON beside an event that a target is called for', async () => {
    const { call, emmett, guardedEmmett } = await open();
    const [target] = await call(placed, {});
    const paid = orderPaid({ cents: 5n, at });
    await guardedEmmett.appendToStream<OrderEvent>('order-1', [paid, orderPlaced()]);
    expect(target!.server.received).to.have.length(1);
    const { events } = await emmett.readStream('order-1');
    expect(events[0]!.data).to.deep.equal(paid.data);
  });

  it('stay unchanged where the targets change nothing, also when JSON would change the data', async () => {
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

  it('stay unchanged in an answer that only changes other members, also in another order', async () => {
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

  it('may have members named like the members that every object has', async () => {
    const { call, emmett, guardedEmmett } = await open();
    await call(placed, {});
    const text = '{"__proto__":{"total":7},"toString":1}';
    await guardedEmmett.appendToStream('order-1', [orderPlaced(JSON.parse(text) as Record<string, unknown>)]);
    const { events } = await emmett.readStream('order-1');
    expect(JSON.stringify(events[0]!.data)).to.equal(text);
    expect(events[0]!.data).not.to.have.property('total');
  });

  it('are appended as approved, also when the caller changes the event meanwhile', async () => {
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
      orderPlaced({ total: 5, lines: [{ total: 5 }], at }),
    ]);
  });

  it('stay unchanged in metadata, in events without targets and deep down, also when the handler changes the data meanwhile', async () => {
    const { call, emmett, guardedEmmett } = await open();
    let deep: unknown = 'end';
    for (let level = 0; level < 2_500; level++) deep = [deep];
    const money = new Money(5);
    const bytes = Buffer.from([1, 2]);
    const metadata: Record<string, unknown> = { role: 'USER', at: new Date(at), list: [1], money };
    const paid = orderPaid({ seen: new Map([['a', { b: 1 }]]), bytes, deep, money });
    await call(placed, {
      script: () => {
        Object.assign(metadata, { role: 'ADMIN', self: metadata });
        (metadata['at'] as Date).setTime(0);
        (metadata['list'] as number[]).push(2);
        Object.assign(money, { cents: 1_000 });
        bytes.fill(9);
        (paid.data['seen'] as Map<string, { b: number }>).get('a')!.b = 2;
        (paid.data['seen'] as Map<string, unknown>).set('c', 1);
        paid.data['more'] = true;
        return {};
      },
    });
    await guardedEmmett.appendToStream<OrderEvent>('order-1', [
      paid,
      { ...orderPlaced(), metadata } as never,
    ]);
    const { events } = await emmett.readStream('order-1');
    const { deep: storedDeep, ...data } = events[0]!.data as Record<string, unknown>;
    expect(data).to.deep.equal({
      seen: new Map([['a', { b: 1 }]]),
      bytes: Buffer.from([1, 2]),
      money: '0.05',
    });
    let levels = 0;
    for (let value = storedDeep; Array.isArray(value); value = value[0]) levels++;
    expect(levels).to.equal(2_500);
    const { role, at: time, list, money: price, self } = events[1]!.metadata as Record<string, unknown>;
    expect([role, time, list, price, self]).to.deep.equal(['USER', at, [1], '0.05', undefined]);
  });

  it('are shown as the handler made the data and reach the downcast with their types', async () => {
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

  it('in bytes can be watched and refused, not amended', async () => {
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
