import { expect } from 'chai';
import type { EventData } from '../../src/index.js';
import { durable, openDeliveries } from './openDeliveries.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;

describe('durable delivery', () => {
  it('sends what was appended, with what receivers are promised', async () => {
    const { guarded, call, work, told, read } = await openDeliveries();
    const [endpoint] = await call(condition, durable);
    await guarded.append('order-1', [placed(1), placed(2)]);
    const worker = await work();
    await worker.whenIdle();
    expect(
      endpoint?.server.received.map(
        ({ body }) => (JSON.parse(body) as { event_payload: unknown }).event_payload,
      ),
    ).to.deep.equal([{ total: 1 }, { total: 2 }]);
    const [event] = await read('order-1');
    const [first] = endpoint?.server.received ?? [];
    expect(JSON.parse(first?.body ?? '')).to.include({
      phase: 'committed',
      stream: 'order-1',
      sequence: Number(event?.version),
      position: Number(event?.position),
      event_id: event?.id,
      created_at: event?.created.toISOString(),
    });
    expect(told.map(({ outcome, attempt }) => [outcome, attempt])).to.deep.equal([
      ['delivered', 1],
      ['delivered', 1],
    ]);
    expect(first?.headers['webhook-id']).to.equal(told[0]?.deliveryID);
  });

  it('tries again what failed, and keeps the order of each stream', async () => {
    const { guarded, call, work } = await openDeliveries();
    let calls = 0;
    const [endpoint] = await call(condition, {
      ...durable,
      script: () => ({ status: ++calls % 3 === 0 ? 200 : 500 }),
    });
    for (let total = 0; total < 20; total++) await guarded.append(`order-${total % 3}`, [placed(total)]);
    const worker = await work();
    await worker.whenIdle();
    const answered = endpoint?.server.received.filter((_, place) => (place + 1) % 3 === 0) ?? [];
    expect(answered).to.have.lengthOf(20);
    const totals = new Map<string, number[]>();
    for (const { body } of answered) {
      const { stream, event_payload } = JSON.parse(body) as {
        stream: string;
        event_payload: { total: number };
      };
      totals.set(stream, [...(totals.get(stream) ?? []), event_payload.total]);
    }
    for (const list of totals.values())
      expect(list).to.deep.equal([...list].sort((left, right) => left - right));
  });

  it('parks what is refused for good, and goes on with the stream', async () => {
    const { guarded, call, work, deliveries } = await openDeliveries();
    const [endpoint] = await call(condition, {
      ...durable,
      script: ({ body }) => ({ status: body.includes('"total":2') ? 400 : 200 }),
    });
    await guarded.append('order-1', [placed(1), placed(2), placed(3)]);
    const worker = await work();
    await worker.whenIdle();
    const { items } = await deliveries.list();
    expect(
      items.map(({ state, version, status, attempts }) => ({ state, version, status, attempts })),
    ).to.deep.equal([{ state: 'parked', version: 1n, status: 400, attempts: 8 }]);
    endpoint?.server.answer({});
    expect(await deliveries.replay({ ids: items.map(({ id }) => id) })).to.deep.equal({ deadLetters: 1 });
    while ((await deliveries.list()).items.length > 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const last = endpoint?.server.received.at(-1);
    expect(last?.headers).to.include({ 'actions-replay': 'true', 'webhook-id': items[0]?.id });
  });
});
