import type { ClientReadableStream, ServerWritableStream } from '@grpc/grpc-js';
import { expect } from 'chai';
import { once } from 'node:events';
import { bodies, json, refusal } from '../support/answers.js';
import { openActions, rejection } from '../support/openActions.js';
import { openGrpc } from './grpcServer.js';
import { asked, named, openStreams, reads, watching, type Order, type Reply } from './grpcStreaming.js';

describe('client streaming over gRPC', () => {
  it('judges every message before the handler reads it, in order, and the response', async () => {
    const { call, placeAll, seen } = await openStreams();
    const [request] = await call(named('request', 'PlaceOrders'), {
      ...asked,
      script: ({ body }) => {
        const { quantity } = (JSON.parse(body) as { request: Order }).request;
        return { ...json({ quantity: quantity + 1 }), delayMs: quantity === 1 ? 40 : 0 };
      },
    });
    const [response] = await call(named('response', 'PlaceOrders'), watching);
    expect((await placeAll([1, 2, 3])).quantity).to.equal(9);
    expect(reads(seen)).to.deep.equal(['read 2', 'read 3', 'read 4']);
    expect(request && bodies(request.server).map((body) => body['request'])).to.deep.equal([
      { quantity: 1 },
      { quantity: 2 },
      { quantity: 3 },
    ]);
    expect(response && bodies(response.server)[0]).to.deep.include({
      request: { quantity: 4 },
      response: { quantity: 9 },
    });
  });

  it('starts the handler at once, whose first read waits for the verdict', async () => {
    const { call, placeAll, seen } = await openStreams();
    let answer: (() => void) | undefined;
    const [target] = await call(named('request', 'PlaceOrders'), {
      ...watching,
      script: () =>
        new Promise((resolve) => {
          answer = () => {
            resolve({});
          };
        }),
    });
    const placed = placeAll([7]);
    await target?.server.whenReceived(1);
    expect(seen).to.deep.equal(['started']);
    answer?.();
    expect((await placed).quantity).to.equal(7);
    expect(reads(seen)).to.deep.equal(['read 7']);
  });

  it('ends the call at a refusal, and the handler learns of the refusal', async () => {
    const { call, placeAll, seen, read } = await openStreams();
    await call(named('request', 'PlaceOrders'), {
      ...watching,
      script: ({ body }) => (body.includes('"quantity":2') ? refusal(403, 'not two') : {}),
    });
    const error = await rejection(placeAll([1, 2, 3]));
    expect(error).to.include({ code: 7, details: 'not two' });
    expect(seen).to.deep.equal(['started', 'read 1', 'cancelled']);
    expect(await read('order-3')).to.deep.equal([]);
  });

  it('ends a stream without a message', async () => {
    const { call, placeAll } = await openStreams();
    const [response] = await call(named('response', 'PlaceOrders'), watching);
    expect((await placeAll([])).quantity).to.equal(0);
    expect(response && bodies(response.server)[0]).to.have.property('request', null);
  });
});

describe('server streaming over gRPC', () => {
  it('judges the request before the handler starts and every message before it is sent', async () => {
    const { call, watch } = await openStreams();
    await call(named('request', 'WatchOrder'), { ...asked, script: json({ quantity: 3 }) });
    const [response] = await call(named('response', 'WatchOrder'), {
      ...asked,
      script: ({ body }) => {
        const { quantity } = (JSON.parse(body) as { response: Reply }).response;
        return { ...json({ quantity: quantity * 100 }), delayMs: quantity === 1 ? 40 : 0 };
      },
    });
    expect(await watch(99)).to.deep.equal([100, 200, 300]);
    expect(response && bodies(response.server).map((body) => body['request'])).to.deep.equal(
      Array.from({ length: 3 }, () => ({ quantity: 3 })),
    );
  });

  it('does not start the handler of a refused request', async () => {
    const { call, watch, seen } = await openStreams();
    await call(named('request', 'WatchOrder'), { ...watching, script: refusal(404, 'no such order') });
    expect(await rejection(watch(2))).to.include({ code: 5, details: 'no such order' });
    expect(seen).to.deep.equal([]);
  });

  it('sends no message after a refused one', async () => {
    const { call, watch, seen } = await openStreams();
    await call(named('response', 'WatchOrder'), {
      ...watching,
      script: ({ body }) => (body.includes('"response":{"quantity":2}') ? refusal(409, 'enough') : {}),
    });
    expect(await rejection(watch(5))).to.include({ code: 6, details: 'enough' });
    expect(seen).to.deep.equal(['started', 'cancelled']);
  });

  it('slows a handler that writes faster than targets judge', async () => {
    const { call, watch } = await openStreams();
    const [response] = await call(named('response', 'WatchOrder'), watching);
    const many = Array.from({ length: 100 }, (_, place) => place + 1);
    expect(await watch(100)).to.deep.equal(many);
    expect(
      response && bodies(response.server).map((body) => (body['response'] as Reply).quantity),
    ).to.deep.equal(many);
  });

  it('ends a call with the status of an append that the handler emits', async () => {
    const opened = await openActions();
    await opened.call({ event: { all: true } }, { ...watching, script: refusal(403, 'no') });
    const { client } = await openGrpc(opened.actions, {
      WatchOrder(call: ServerWritableStream<Order, Reply>) {
        opened.guarded
          .append('order-1', [{ type: 'order.placed', data: {} }])
          .catch((error: unknown) => call.emit('error', error));
      },
    });
    const call = client['WatchOrder']?.({ quantity: 1 }) as ClientReadableStream<Reply>;
    call.resume();
    const [error] = (await once(call, 'error')) as unknown[];
    expect(error).to.include({ code: 7, details: 'no' });
  });
});
