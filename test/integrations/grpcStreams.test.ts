import type {
  ClientDuplexStream,
  ClientReadableStream,
  ClientWritableStream,
  sendUnaryData,
  ServerDuplexStream,
  ServerReadableStream,
  ServerWritableStream,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { expect } from 'chai';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Condition, EventStore } from '../../src/index.js';
import { bodies, json, refusal } from '../support/answers.js';
import { openActions, rejection } from '../support/openActions.js';
import { metadataOf, openGrpc } from './grpcServer.js';

interface Order {
  readonly quantity: number;
}
interface Reply {
  readonly quantity: number;
}

const watching = { type: 'webhook', interruptOnError: true } as const;
const asked = { type: 'requestResponse', interruptOnError: true } as const;
const named = (kind: 'request' | 'response', method: string): Condition =>
  ({ [kind]: { method: `/orders.v1.OrderService/${method}` } }) as unknown as Condition;

/** Handlers in each style that people write them: listeners, async iteration, and both. */
function streaming(guarded: EventStore, seen: string[]): UntypedServiceImplementation {
  const place = (quantity: number) =>
    guarded.append(`order-${quantity}`, [{ type: 'order.placed', data: { quantity } }]);
  return {
    PlaceOrders(call: ServerReadableStream<Order, Reply>, respond: sendUnaryData<Reply>) {
      seen.push('started');
      const placed: Promise<unknown>[] = [];
      let quantity = 0;
      call.on('cancelled', () => seen.push('cancelled'));
      call.on('data', (order: Order) => {
        seen.push(`read ${order.quantity}`);
        quantity += order.quantity;
        placed.push(place(order.quantity));
      });
      call.on('end', () => {
        void Promise.all(placed).then(
          () => {
            respond(null, { quantity });
          },
          (error: Error) => {
            respond(error);
          },
        );
      });
    },
    async WatchOrder(call: ServerWritableStream<Order, Reply>) {
      seen.push('started');
      call.on('cancelled', () => seen.push('cancelled'));
      for (let quantity = 1; quantity <= call.request.quantity; quantity++) {
        if (!call.write({ quantity })) await once(call, 'drain');
        await place(quantity);
      }
      call.end();
    },
    async Negotiate(call: ServerDuplexStream<Order, Reply>) {
      seen.push('started');
      try {
        // Without the option the stream would be destroyed after the last message, and the call have no status.
        for await (const { quantity } of call.iterator({ destroyOnReturn: false }) as AsyncIterable<Order>) {
          seen.push(`read ${quantity}`);
          await setImmediate();
          await place(quantity);
          call.write({ quantity: quantity * 10 });
        }
        call.end();
      } catch {
        seen.push('cut off');
      }
    },
  };
}

const reads = (seen: readonly string[]) => seen.filter((step) => step.startsWith('read'));

async function open() {
  const opened = await openActions();
  const seen: string[] = [];
  const { client } = await openGrpc(opened.actions, streaming(opened.guarded, seen));
  const metadata = (user: string) => metadataOf({ 'x-user': user });
  return {
    ...opened,
    seen,
    placeAll: (quantities: readonly number[], user = 'ada') =>
      new Promise<Reply>((resolve, reject) => {
        const call = client['PlaceOrders']?.(metadata(user), (error: Error | null, reply: Reply) => {
          if (error) reject(error);
          else resolve(reply);
        }) as ClientWritableStream<Order>;
        for (const quantity of quantities) call.write({ quantity });
        call.end();
      }),
    async watch(quantity: number, user = 'ada') {
      const call = client['WatchOrder']?.({ quantity }, metadata(user)) as ClientReadableStream<Reply>;
      const read: number[] = [];
      for await (const reply of call as AsyncIterable<Reply>) read.push(reply.quantity);
      return read;
    },
    negotiate: (user = 'ada') => client['Negotiate']?.(metadata(user)) as ClientDuplexStream<Order, Reply>,
  };
}

async function exchange(call: ClientDuplexStream<Order, Reply>, quantities: readonly number[]) {
  for (const quantity of quantities) call.write({ quantity });
  call.end();
  const read: number[] = [];
  for await (const reply of call as AsyncIterable<Reply>) read.push(reply.quantity);
  return read;
}

describe('client streaming over gRPC', () => {
  it('judges every message before the handler reads it, in order, and the response', async () => {
    const { call, placeAll, seen } = await open();
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
    const { call, placeAll, seen } = await open();
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

  it('ends the call at a refusal, and the handler learns it', async () => {
    const { call, placeAll, seen, read } = await open();
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
    const { call, placeAll } = await open();
    const [response] = await call(named('response', 'PlaceOrders'), watching);
    expect((await placeAll([])).quantity).to.equal(0);
    expect(response && bodies(response.server)[0]).to.have.property('request', null);
  });
});

describe('server streaming over gRPC', () => {
  it('judges the request before the handler starts and every message before it is sent', async () => {
    const { call, watch } = await open();
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
    const { call, watch, seen } = await open();
    await call(named('request', 'WatchOrder'), { ...watching, script: refusal(404, 'no such order') });
    expect(await rejection(watch(2))).to.include({ code: 5, details: 'no such order' });
    expect(seen).to.deep.equal([]);
  });

  it('sends nothing after a message that was refused', async () => {
    const { call, watch, seen } = await open();
    await call(named('response', 'WatchOrder'), {
      ...watching,
      script: ({ body }) => (body.includes('"response":{"quantity":2}') ? refusal(409, 'enough') : {}),
    });
    expect(await rejection(watch(5))).to.include({ code: 6, details: 'enough' });
    expect(seen).to.deep.equal(['started', 'cancelled']);
  });

  it('holds a handler back that writes faster than targets judge', async () => {
    const { call, watch } = await open();
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

describe('streaming both ways over gRPC', () => {
  it('judges what comes in and what goes out, in order', async () => {
    const { call, negotiate, seen } = await open();
    await call(named('request', 'Negotiate'), {
      ...asked,
      script: ({ body }) => {
        const { quantity } = (JSON.parse(body) as { request: Order }).request;
        return { ...json({ quantity: quantity + 1 }), delayMs: quantity === 1 ? 40 : 0 };
      },
    });
    const [response] = await call(named('response', 'Negotiate'), watching);
    expect(await exchange(negotiate(), [1, 2, 3])).to.deep.equal([20, 30, 40]);
    expect(seen).to.deep.equal(['started', 'read 2', 'read 3', 'read 4']);
    expect(response && bodies(response.server).map((body) => body['response'])).to.deep.equal([
      { quantity: 20 },
      { quantity: 30 },
      { quantity: 40 },
    ]);
  });

  for (const [kind, refused] of [
    ['request', '"request":{"quantity":2}'],
    ['response', '"response":{"quantity":20}'],
  ] as const)
    it(`ends the call at a ${kind} that is refused, after what was sent before`, async () => {
      const { call, negotiate, read } = await open();
      await call(named(kind, 'Negotiate'), {
        ...watching,
        script: ({ body }) => (body.includes(refused) ? refusal(429, 'slow down') : {}),
      });
      const stream = negotiate();
      const received: number[] = [];
      stream.on('data', ({ quantity }: Reply) => received.push(quantity));
      stream.write({ quantity: 1 });
      await once(stream, 'data');
      stream.write({ quantity: 2 });
      const [error] = (await once(stream, 'error')) as unknown[];
      expect(error).to.include({ code: 8, details: 'slow down' });
      expect(received).to.deep.equal([10]);
      expect((await read('order-2')).length).to.equal(kind === 'request' ? 0 : 1);
    });

  it('gives up when the client cancels', async () => {
    const { call, negotiate, seen } = await open();
    const [target] = await call(named('request', 'Negotiate'), { ...watching, script: 'never' });
    const stream = negotiate();
    const failed = once(stream, 'error');
    stream.write({ quantity: 1 });
    await target?.server.whenReceived(1);
    stream.cancel();
    expect((await failed)[0]).to.include({ code: 1 });
    await target?.server.whenIdle();
    expect(seen).to.deep.equal(['started', 'cut off']);
  });
});

describe('the context of a stream', () => {
  it('holds at every step, and never mixes', async () => {
    const { call, placeAll, watch, negotiate } = await open();
    const [event] = await call({ event: { all: true } }, { ...watching, script: { delayMs: 1 } });
    const users = Array.from({ length: 20 }, (_, place) => place);
    await Promise.all(
      users.flatMap((user) => [
        placeAll([1000 + user, 2000 + user], `client-${user}`),
        watch(3, `server-${user}`),
        exchange(negotiate(`both-${user}`), [3000 + user, 4000 + user]),
      ]),
    );
    const appended = event ? bodies(event.server) : [];
    const quantitiesOf = (kind: string, user: number) =>
      appended
        .filter(({ userID }) => userID === `${kind}-${user}`)
        .map((body) => (body['event_payload'] as Order).quantity);
    for (const user of users) {
      expect(quantitiesOf('client', user)).to.have.members([1000 + user, 2000 + user]);
      expect(quantitiesOf('server', user)).to.deep.equal([1, 2, 3]);
      expect(quantitiesOf('both', user)).to.deep.equal([3000 + user, 4000 + user]);
    }
    expect(appended.length).to.equal(20 * 7);
  });
});
