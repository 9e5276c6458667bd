import { expect } from 'chai';
import { inspect } from 'node:util';
import type { Condition } from '../../src/index.js';
import { refusal } from '../support/answers.js';
import { openActions, rejection, type OpenedActions } from '../support/openActions.js';
import { openConnect, protocols } from './connectServer.js';
import { exchange, named, openStreams, watching } from './grpcStreaming.js';
import type { OrderHandlers, Reply } from './orderService.js';

type Send = () => Promise<unknown>;
/** A server's actions, and a call of each kind of stream. */
type Streams = Pick<OpenedActions, 'call'> &
  Readonly<Record<'PlaceOrders' | 'WatchOrder' | 'Negotiate', Send>>;

async function overGrpc(): Promise<Streams> {
  const { call, placeAll, watch, negotiate } = await openStreams();
  return {
    call,
    PlaceOrders: () => placeAll([1, 2]),
    WatchOrder: () => watch(2),
    Negotiate: () => exchange(negotiate(), [1, 2]),
  };
}

const streaming = (guarded: OpenedActions['guarded']): OrderHandlers => {
  const place = (quantity: number) =>
    guarded.append(`order-${quantity}`, [{ type: 'order.placed', data: { quantity } }]);
  return {
    async placeOrders(orders) {
      for await (const { quantity } of orders) await place(quantity);
      return { quantity: 1 };
    },
    async *watchOrder({ quantity }) {
      await place(quantity);
      yield { quantity };
    },
    async *negotiate(orders) {
      for await (const { quantity } of orders) {
        await place(quantity);
        yield { quantity };
      }
    },
  };
};

async function* orders() {
  yield* [{ quantity: 1 }, { quantity: 2 }];
}

async function all(replies: AsyncIterable<Reply>): Promise<void> {
  for await (const { quantity } of replies) expect(quantity).to.be.a('number');
}

const overConnect = (protocol: (typeof protocols)[number]) => async (): Promise<Streams> => {
  const { actions, call, guarded } = await openActions();
  const client = await openConnect(actions, streaming(guarded), protocol);
  return {
    call,
    PlaceOrders: () => client.placeOrders(orders()),
    WatchOrder: () => all(client.watchOrder({ quantity: 1 })),
    Negotiate: () => all(client.negotiate(orders())),
  };
};

const onAppend: Condition = { event: { event: 'order.placed' } };

const failures = {
  'a refusal without a message': [refusal(403), 'a policy of this service refused the call'],
  'a target that fails with 500': [{ status: 500, body: 'secret detail' }, 'a policy of this service failed'],
} as const;

for (const [framework, open] of [
  ['grpc-js', overGrpc],
  ...protocols.map((protocol) => [`Connect by ${protocol}`, overConnect(protocol)] as const),
] as const)
  describe(`the end of a stream of ${framework} for a caller outside`, () => {
    for (const method of ['PlaceOrders', 'WatchOrder', 'Negotiate'] as const)
      for (const [what, [script, sentence]] of Object.entries(failures))
        it(`names no target for ${what} that ends ${method}`, async () => {
          const conditions: readonly Condition[] = [
            named('request', method),
            named('response', method),
            // Handlers of gRPC that write a stream hand no error on by themselves.
            ...(framework !== 'grpc-js' || method === 'PlaceOrders' ? [onAppend] : []),
          ];
          for (const condition of conditions) {
            const { call, ...streams } = await open();
            const [endpoint] = await call(condition, { ...watching, name: 'internal name', script });
            const error = await rejection(streams[method]());
            const everything = inspect(error, { depth: Infinity, showHidden: true, maxStringLength: null });
            expect(everything).to.contain(sentence);
            for (const inner of ['internal name', endpoint?.id, endpoint?.server.allow, 'secret detail'])
              expect(everything).not.to.contain(inner);
          }
        });
  });
