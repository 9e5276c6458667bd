import { create, type DescMethod } from '@bufbuild/protobuf';
import { ConnectError, type HandlerContext } from '@connectrpc/connect';
import { expect } from 'chai';
import { refusal } from '../support/answers.js';
import { openActions, rejection } from '../support/openActions.js';
import { openConnect, protocols } from './connectServer.js';
import { asked, named } from './grpcStreaming.js';
import { OrderService, type OrderHandlers, type Reply } from './orderService.js';

const { output } = OrderService.method['placeOrder'] as DescMethod;

for (const protocol of protocols)
  describe(`a response over ${protocol} that is judged`, () => {
    it('is sent as the handler gave the response', async () => {
      const { actions, call } = await openActions();
      // Connect takes a message of its type unchanged.
      const reply = create(output, { orderId: 'order-1', quantity: 1 });
      await call(named('response', 'PlaceOrder'), {
        ...asked,
        script: () => {
          Object.assign(reply, { quantity: 999, text: 'SECRET' });
          return {};
        },
      });
      const handlers: OrderHandlers = {
        placeOrder: () => Promise.resolve(reply as Reply),
      };
      const client = await openConnect(actions, handlers, protocol);
      const { orderId, quantity, text } = await client.placeOrder({});
      expect({ orderId, quantity, text }).to.deep.equal({ orderId: 'order-1', quantity: 1, text: '' });
    });

    it('has the headers that were set when the handler answered', async () => {
      const { actions, call } = await openActions();
      let late: HandlerContext | undefined;
      const script = () => {
        late?.responseHeader.set('x-head', 'SECRET');
        late?.responseHeader.append('x-late', 'SECRET');
        // The handler may change the trailer of a stream until the stream ends.
        if (late?.method.methodKind === 'unary') late.responseTrailer.set('x-trailer', 'SECRET');
        return {};
      };
      for (const name of ['PlaceOrder', 'WatchOrder'])
        await call(named('response', name), { ...asked, script });
      const setBoth = (context: HandlerContext) => {
        late = context;
        context.responseHeader.set('x-head', 'one');
        context.responseHeader.append('x-head', 'two');
        context.responseTrailer.set('x-trailer', 'three');
      };
      const handlers = {
        placeOrder: async (_order: unknown, context: HandlerContext): Promise<Reply> => {
          setBoth(context);
          return {};
        },
        async *watchOrder(_order: unknown, context: HandlerContext): AsyncIterable<Reply> {
          setBoth(context);
          yield {};
        },
      };
      const client = await openConnect(actions, handlers as OrderHandlers, protocol);
      type Method = (order: object, options: object) => Promise<unknown> & AsyncIterable<unknown>;
      for (const method of [client.placeOrder, client.watchOrder] as unknown as readonly Method[]) {
        const seen: (readonly [string, string | null])[] = [];
        const note = (headers: Headers) => {
          for (const name of ['x-head', 'x-late', 'x-trailer'])
            if (headers.has(name)) seen.push([name, headers.get(name)]);
        };
        const answer = method({}, { onHeader: note, onTrailer: note });
        if (method === (client.placeOrder as unknown)) await answer;
        else for await (const reply of answer) expect(reply).to.be.an('object');
        expect(seen).to.deep.equal([
          ['x-head', 'one, two'],
          ['x-trailer', 'three'],
        ]);
      }
    });

    it('takes the headers and trailers of its handler away when the response is refused', async () => {
      const { actions, call } = await openActions();
      await call(named('response', 'PlaceOrder'), { ...asked, script: refusal(403, 'no') });
      await call(named('response', 'WatchOrder'), { ...asked, script: refusal(403, 'no') });
      const setBoth = ({ responseHeader, responseTrailer }: HandlerContext) => {
        responseHeader.set('x-head', 'SECRET');
        responseTrailer.set('x-trailer', 'SECRET');
      };
      const handlers = {
        placeOrder: async (_order: unknown, context: HandlerContext): Promise<Reply> => {
          setBoth(context);
          return {};
        },
        async *watchOrder(_order: unknown, context: HandlerContext): AsyncIterable<Reply> {
          setBoth(context);
          yield {};
        },
      };
      const client = await openConnect(actions, handlers as OrderHandlers, protocol);
      const watch = async () => {
        for await (const reply of client.watchOrder({})) expect(reply).to.equal(undefined);
      };
      for (const send of [() => client.placeOrder({}), watch]) {
        const error = ConnectError.from(await rejection(send()));
        expect(error.code).to.equal(7);
        expect(JSON.stringify(Array.from(error.metadata))).not.to.include('SECRET');
      }
    });

    it('has a signal that tells listeners in the context of the caller', async () => {
      const { actions, guarded, call, read } = await openActions();
      await actions.runAs({ instanceID: 'tenant-1' }, () =>
        call({ event: { all: true } }, { ...asked, script: refusal(403, 'no') }),
      );
      let tell = (_error: unknown): void => undefined;
      const appended = new Promise<unknown>((resolve) => (tell = resolve));
      const handlers = {
        placeOrder: async (_order: unknown, { signal }: HandlerContext): Promise<Reply> => {
          signal.addEventListener('abort', () => {
            tell(rejection(guarded.append('order-1', [{ type: 'order.left', data: {} }])));
          });
          return {};
        },
      };
      const client = await openConnect(actions, handlers as OrderHandlers, protocol);
      await client.placeOrder({}, { headers: { 'x-instance': 'tenant-1' } });
      expect(await appended).to.have.property('code', 'TARGET_INTERRUPTED');
      expect(await read('order-1')).to.deep.equal([]);
    });
  });
