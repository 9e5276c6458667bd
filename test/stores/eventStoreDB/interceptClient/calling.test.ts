import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { closeAfterTest } from '../../../support/closings.js';
import { rejection } from '../../../support/openActions.js';
import { collect } from '../fixture.js';
import { bodies, open, orderPlaced, placed, refuse } from './scene.js';
import { binaryEvent, expecting, jsonEvent } from '../clientUnderTest.js';

describe('interceptClient calls the targets first', () => {
  it('for a single event, and sends them the event and the stream', async () => {
    const { call, guardedClient, stored } = await open();
    const [target] = await call(placed, {});
    const event = orderPlaced();
    const result = await guardedClient.appendToStream('order-1', event, expecting('no_stream'));
    expect(result).to.include({ success: true, nextExpectedRevision: 0n });
    expect(bodies(target!.server)[0]).to.include({
      stream: 'order-1',
      aggregateType: 'order',
      aggregateID: '1',
      event_type: 'order.placed',
      event_id: event.id,
      phase: 'before-append',
    });
    expect(stored('order-1')).to.deep.equal([{ total: 5 }]);
  });

  it('for every event of an array, with the version each will have', async () => {
    const { call, guardedClient } = await open();
    const [target] = await call(placed, {});
    await guardedClient.appendToStream('order-1', [orderPlaced()]);
    await guardedClient.appendToStream('order-1', [orderPlaced(), orderPlaced()], expecting(0n));
    expect(bodies(target!.server).map(({ sequence }) => sequence)).to.deep.equal([undefined, 1, 2]);
  });

  it('and appends the data as amended, and the rest unchanged', async () => {
    const { call, guardedClient, client } = await open();
    await call(placed, { type: 'requestResponse', script: { body: JSON.stringify({ total: 6 }) } });
    const event = jsonEvent({ type: 'order.placed', data: { total: 5 }, metadata: { user: 'u-1' } });
    await guardedClient.appendToStream('order-1', event);
    const [read] = await collect(client.readStream('order-1'));
    expect(read?.event).to.deep.include({
      id: event.id,
      type: 'order.placed',
      data: { total: 6 },
      metadata: { user: 'u-1' },
    });
    expect(event.data).to.deep.equal({ total: 5 });
  });

  it("and rejects with the client's own error, also one without text", async () => {
    const { call, guardedClient, client } = await open();
    const [target] = await call(placed, {});
    for (const thrown of [Object.create(null) as unknown, 'a text', undefined, new Error('of the client')]) {
      client.appendToStream = () => Promise.reject(thrown);
      for (const stream of ['order-1', 'of-no-target'])
        expect(await rejection(guardedClient.appendToStream(stream, orderPlaced()))).to.equal(thrown);
    }
    expect(target!.server.received).to.have.length(8);
  });

  it('and appends nothing of several events where one event is refused', async () => {
    const { call, guardedClient, stored } = await open();
    await call(placed, { interruptOnError: true, script: refuse });
    const other = jsonEvent({ type: 'order.paid', data: {} });
    const error = await rejection(guardedClient.appendToStream('order-1', [other, orderPlaced()]));
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', status: 403 });
    expect(stored('order-1')).to.deep.equal([]);
  });

  it('and appends the approved event, also when the caller changes its object meanwhile', async () => {
    const { call, guardedClient, stored } = await open();
    const data = { total: 5 };
    const event = orderPlaced(data);
    await call(placed, {
      script: () => {
        data.total = 1_000;
        Object.assign(event, { data: { total: 2_000 }, type: 'order.refunded' });
        return {};
      },
    });
    await guardedClient.appendToStream('order-1', event);
    expect(stored('order-1')).to.deep.equal([{ total: 5 }]);
  });

  it('and sends bytes as base64, which no target may amend', async () => {
    const { call, guardedClient, client } = await open();
    const [target] = await call(placed, {
      type: 'requestResponse',
      interruptOnError: true,
      script: { body: '"AQ=="' },
    });
    const event = binaryEvent({ type: 'order.placed', data: new Uint8Array([1, 2, 3]) });
    const error = await rejection(guardedClient.appendToStream('order-1', event));
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', reason: 'answer-invalid' });
    target!.server.answer({});
    await guardedClient.appendToStream('order-1', event);
    expect(bodies(target!.server)[1]).to.include({ event_payload: 'AQID', encoding: 'base64' });
    const [read] = await collect(client.readStream('order-1'));
    expect([...(read!.event!.data as unknown as Uint8Array)]).to.deep.equal([1, 2, 3]);
  });

  it('and sends them the id in the form that a read returns', async () => {
    const { call, guardedClient, client } = await open();
    const [target] = await call(placed, {});
    const ids = Array.from({ length: 4 }, () => randomUUID());
    const forms = [ids[0]!.toUpperCase(), ids[1]!.replaceAll('-', ''), `{${ids[2]}}`, ` (${ids[3]}) `];
    for (const form of forms) await guardedClient.appendToStream('order-1', orderPlaced({}, form));
    expect(bodies(target!.server).map((body) => body['event_id'])).to.deep.equal(ids);
    const read = await collect(client.readStream('order-1'));
    expect(read.map(({ event }) => event?.id)).to.deep.equal(ids);
  });

  it('and appends metadata and bytes as they were, also when they change during the call', async () => {
    const { call, guardedClient, client } = await open();
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const [target] = await call(placed, { script: () => held.then(() => ({})) });
    const metadata: Record<string, unknown> = { role: 'USER', list: [1] };
    const metadataBytes = new Uint8Array([1, 2]);
    const data = new Uint8Array([1, 2]);
    const append = guardedClient.appendToStream('order-1', [
      jsonEvent({ type: 'order.placed', data: {}, metadata }),
      binaryEvent({ type: 'order.placed', data, metadata: metadataBytes }),
    ]);
    await target!.server.whenReceived(1);
    Object.assign(metadata, { role: 'ADMIN', self: metadata });
    (metadata['list'] as number[]).push(2);
    data.fill(9);
    metadataBytes.fill(9);
    answer();
    await append;
    const [json, binary] = (await collect(client.readStream('order-1'))).map(({ event }) => event!);
    expect(json!.metadata).to.deep.equal({ role: 'USER', list: [1] });
    expect([...(binary!.data as unknown as Uint8Array)]).to.deep.equal([1, 2]);
    expect([...(binary!.metadata as unknown as Uint8Array)]).to.deep.equal([1, 2]);
  });

  it('and rejects with a typed error for circular metadata', async () => {
    const { call, guardedClient, stored } = await open();
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    closeAfterTest(() => process.off('unhandledRejection', note));
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const event = jsonEvent({ type: 'order.placed', data: {}, metadata: circle });
    const code = { code: 'INVALID_ARGUMENT' };
    expect(await rejection(guardedClient.appendToStream('order-1', event))).to.include(code);
    await call(placed, {});
    expect(await rejection(guardedClient.appendToStream('order-1', event))).to.include(code);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unhandled).to.deep.equal([]);
    await guardedClient.appendToStream('order-1', orderPlaced());
    expect(stored('order-1')).to.have.length(1);
  });

  it('but none for system streams, metadata and our own streams', async () => {
    const { call, guardedClient } = await open();
    const [target] = await call(
      { event: { all: true } },
      { interruptOnError: true, script: { status: 500 } },
    );
    await guardedClient.appendToStream('$mine', orderPlaced());
    await guardedClient.setStreamMetadata('order-1', { maxCount: 5 });
    await guardedClient.appendToStream('actions.target-default.1', orderPlaced());
    expect(target!.server.received).to.have.length(0);
  });
});
