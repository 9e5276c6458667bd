import { expect } from 'chai';
import type { JSONObject } from '../../src/index.js';
import { openActions, rejection } from '../support/openActions.js';

describe('the amendment of an event', () => {
  it('is judged by the schema registered for its name, whose own output is not stored', async () => {
    const judged: unknown[] = [];
    const schema = {
      safeParse(content: unknown) {
        judged.push(content);
        const isFine = (content as JSONObject)['total'] !== undefined;
        return isFine ? { success: true, data: { replaced: true } } : { success: false };
      },
    };
    const { call, guarded, read } = await openActions({
      schemas: { events: { 'order placed': schema } },
      eventName: ({ type }) => type.replace('.', ' '),
    });
    const [target] = await call(
      { event: { event: 'order placed' } },
      { type: 'requestResponse', interruptOnError: true, script: { body: '{"total":3,"more":true}' } },
    );
    await guarded.append('order-1', [{ type: 'order.placed', data: { total: 'of any kind' } }]);
    expect((await read('order-1')).map(({ data }) => data)).to.deep.equal([{ total: 3, more: true }]);

    target?.server.answer({ body: '{"amount":3}' });
    const error = await rejection(guarded.append('order-2', [{ type: 'order.placed', data: { total: 1 } }]));
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', reason: 'schema', responseStatus: 200 });
    expect(await read('order-2')).to.deep.equal([]);
    // Without an amendment the store receives the caller's object.
    target?.server.answer({ status: 204 });
    await guarded.append('order-3', [{ type: 'order.placed', data: { amount: 1 } }]);
    expect(judged).to.deep.equal([{ total: 3, more: true }, { amount: 3 }]);
  });

  it('is stored as the target gave it where its schema fills in defaults in place', async () => {
    const schema = {
      safeParse(content: unknown) {
        Object.assign(content as object, { currency: 'CHF' });
        return { success: true };
      },
    };
    const { call, guarded, read } = await openActions({ schemas: { events: { 'order.placed': schema } } });
    const [, second] = await call(
      { event: { all: true } },
      { type: 'requestResponse', script: { body: '{"total":3}' } },
      { type: 'webhook' },
    );
    await guarded.append('order-1', [{ type: 'order.placed', data: { total: 1 } }]);
    expect((await read('order-1')).map(({ data }) => data)).to.deep.equal([{ total: 3 }]);
    expect(second?.server.received[0]?.body).to.include('"event_payload":{"total":3}');
  });

  it('is an error of its target where its schema gives no result', async () => {
    const { call, guarded, read } = await openActions({
      schemas: { events: { 'order.placed': { safeParse: () => undefined as never } } },
    });
    await call(
      { event: { all: true } },
      { type: 'requestResponse', interruptOnError: true, script: { body: '{"total":3}' } },
    );
    const error = await rejection(guarded.append('order-1', [{ type: 'order.placed', data: { total: 1 } }]));
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', reason: 'schema' });
    expect(await read('order-1')).to.deep.equal([]);
  });

  it('is dropped without interruptOnError where the schema refuses it or throws', async () => {
    const { call, guarded, read } = await openActions({
      schemas: {
        events: {
          'order.placed': { safeParse: () => ({ success: false }) },
          'order.paid': {
            safeParse: () => {
              throw new Error('asynchronous refinement');
            },
          },
        },
      },
    });
    await call({ event: { all: true } }, { type: 'requestResponse', script: { body: '{"amended":true}' } });
    await guarded.append('order-1', [
      { type: 'order.placed', data: { n: 1 } },
      { type: 'order.paid', data: { n: 2 } },
      // No schema: an event may have the name of a member of every object.
      { type: 'toString', data: { n: 3 } },
    ]);
    expect((await read('order-1')).map(({ data }) => data)).to.deep.equal([
      { n: 1 },
      { n: 2 },
      { amended: true },
    ]);
  });

  it('cannot be anything but the same bytes for a binary event', async () => {
    const { call, guarded, read } = await openActions();
    const [target] = await call(
      { event: { all: true } },
      { type: 'requestResponse', interruptOnError: true, script: { body: '"AQIE"' } },
    );
    const data = new Uint8Array([1, 2, 3]);
    const error = await rejection(guarded.append('blob-1', [{ type: 'blob.kept', data }]));
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', reason: 'answer-invalid' });
    target?.server.answer({ body: '"AQID"' });
    await guarded.append('blob-1', [{ type: 'blob.kept', data }]);
    expect((await read('blob-1')).map((event) => event.data)).to.deep.equal([data]);
  });

  it('cannot take the place of data that are null', async () => {
    const { call, guarded, read } = await openActions();
    await call(
      { event: { all: true } },
      { type: 'requestResponse', interruptOnError: true, script: { body: '{"a":1}' } },
    );
    const error = await rejection(guarded.append('thing-1', [{ type: 'thing.done', data: null }]));
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', reason: 'answer-invalid', status: 412 });
    expect(await read('thing-1')).to.deep.equal([]);
  });
});
