import { expect } from 'chai';
import type { EventData, JSONValue } from '../../src/index.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { until } from '../support/conditions.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;

describe('durable delivery', () => {
  it('sends each appended event, with the headers and the body that receivers are promised', async () => {
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

  it('tries a failed delivery again, and keeps the order of each stream', async () => {
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

  it('parks an event that is too large or too deep at once, and counts no failure against the target', async () => {
    const { guarded, call, work, deliveries, told } = await openDeliveries();
    const [endpoint] = await call(condition, durable);
    const deep = JSON.parse('['.repeat(100) + ']'.repeat(100)) as JSONValue;
    for (let number = 0; number < 12; number++)
      await guarded.append(`order-deep-${number}`, [{ type: 'order.placed', data: deep }]);
    await guarded.append('order-large', [{ type: 'order.placed', data: 'x'.repeat(2_000_000) }]);
    await guarded.append('order-1', [placed(1)]);
    const worker = await work();
    await worker.whenIdle();
    expect(endpoint?.server.received).to.have.length(1);
    expect(told.filter(({ outcome }) => outcome === 'failed')).to.deep.equal([]);
    expect((await deliveries.list()).items.map(({ state, reason }) => `${state} ${reason}`)).to.have.members([
      ...Array.from({ length: 12 }, () => 'parked content-invalid'),
      'parked content-too-large',
    ]);
    const { targets } = await deliveries.status();
    expect(targets.map(({ state, deadLetters }) => [state, deadLetters])).to.deep.equal([['live', 13]]);
  });

  it('parks an event that the target refuses permanently, and goes on with the stream', async () => {
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
    await until(async () => (await deliveries.list()).items.length === 0);
    const last = endpoint?.server.received.at(-1);
    expect(last?.headers).to.include({ 'actions-replay': 'true', 'webhook-id': items[0]?.id });
  });

  it('reads events that did not fit into memory again, and skips none', async () => {
    const { guarded, call, work } = await openDeliveries();
    const [endpoint] = await call(condition, { ...durable, script: { delayMs: 3 } });
    const worker = await work({ depth: 2 });
    for (let total = 0; total < 60; total++) await guarded.append('order-1', [placed(total)]);
    await worker.whenIdle();
    const totals = endpoint?.server.received.map(
      ({ body }) => (JSON.parse(body) as { event_payload: { total: number } }).event_payload.total,
    );
    expect(totals).to.deep.equal(Array.from({ length: 60 }, (_, total) => total));
  });

  it('sends the events of a target that is down once the target is back, in order, without a dead letter', async () => {
    const { guarded, call, work, deliveries } = await openDeliveries();
    const [down, up] = await call(condition, { ...durable, script: { status: 503 } }, durable);
    const worker = await work({ retry: { attempts: 1_000, firstDelayMs: 5, maxDelayMs: 20 }, failures: 3 });
    for (let total = 0; total < 40; total++) await guarded.append(`order-${total % 4}`, [placed(total)]);
    await up?.server.whenReceived(40);
    const state = () => worker.health().targets.find(({ targetID }) => targetID === down?.id)?.state;
    await until(() => state() === 'down');
    const before = down?.server.received.length ?? 0;
    down?.server.answer({});
    await worker.whenIdle();
    const perStream = new Map<string, number[]>();
    for (const { body } of down?.server.received.slice(before) ?? []) {
      const { stream, event_payload } = JSON.parse(body) as {
        stream: string;
        event_payload: { total: number };
      };
      perStream.set(stream, [...(perStream.get(stream) ?? []), event_payload.total]);
    }
    expect([...perStream.values()].flat()).to.have.lengthOf(40);
    for (const list of perStream.values())
      expect(list).to.deep.equal([...list].sort((left, right) => left - right));
    expect((await deliveries.list({ state: 'parked' })).items).to.deep.equal([]);
  });

  it('delivers nothing while a target is paused, and everything from the beginning after', async () => {
    const { actions, guarded, call, work } = await openDeliveries();
    await guarded.append('order-1', [placed(1), placed(2)]);
    const [endpoint] = await call(condition, { ...durable, deliverFrom: 'beginning', paused: true });
    const worker = await work();
    await guarded.append('order-1', [placed(3)]);
    await worker.whenIdle();
    expect(endpoint?.server.received).to.have.lengthOf(0);
    await actions.targets.change(endpoint?.id ?? '', { paused: false });
    await endpoint?.server.whenReceived(3);
    await worker.whenIdle();
    expect(endpoint?.server.received).to.have.lengthOf(3);
  });

  it('blocks a stream behind a dead letter where order is strict, until the dead letter is discarded', async () => {
    const { guarded, call, work, deliveries } = await openDeliveries();
    const [endpoint] = await call(condition, {
      ...durable,
      order: 'strict',
      script: ({ body }) => ({ status: body.includes('"total":1}') ? 400 : 200 }),
    });
    await guarded.append('order-1', [placed(1), placed(2)]);
    const worker = await work({ retry: { firstDelayMs: 1, permanentAttempts: 2 } });
    await worker.whenIdle();
    expect(endpoint?.server.received).to.have.lengthOf(2);
    await deliveries.discard({ targetID: endpoint?.id ?? '' });
    await endpoint?.server.whenReceived(3);
    expect(endpoint?.server.received.at(-1)?.body).to.include('"total":2');
  });
});
