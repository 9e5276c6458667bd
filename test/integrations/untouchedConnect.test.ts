import { create, type DescMessage, type Message } from '@bufbuild/protobuf';
import type { Interceptor } from '@connectrpc/connect';
import { expect } from 'chai';
import { openActions, type OpenedActions } from '../support/openActions.js';
import { openConnect, protocols, type Protocol } from './connectServer.js';
import { conversions, countFunctions, writesOfServer } from './countedFunctions.js';
import { expectSame } from './expectSame.js';
import { OrderService, type OrderClient, type OrderHandlers, type Reply } from './orderService.js';

/** The steps of messages on the server, in order. */
interface Trace {
  /** Messages that Connect decoded. */
  readonly decoded: unknown[];
  /** Messages that the handler received. */
  readonly given: unknown[];
  /** Messages that the handler answered with. */
  readonly answered: unknown[];
  /** Messages that Connect encoded. */
  readonly handed: unknown[];
  /** How often a field of a request was read, by any code. */
  requestReads: number;
  /** How often a field of a response was read: encoding reads it. */
  responseReads: number;
}

/** Counts how often the quantity of a message is read. The object stays the same. */
function countReads<Shape>(message: Shape, read: () => void): Shape {
  let { quantity } = message as { quantity: number };
  Object.defineProperty(message, 'quantity', {
    enumerable: true,
    configurable: true,
    get: () => {
      read();
      return quantity;
    },
    set: (value: number) => (quantity = value),
  });
  return message;
}

async function* each(messages: AsyncIterable<Message>, see: (message: Message) => void) {
  for await (const message of messages) {
    see(message);
    yield message;
  }
}

/** The outermost interceptor: sees requests first and responses last. */
const tracing =
  (trace: Trace): Interceptor =>
  (next) =>
  async (request) => {
    const decoded = (message: Message) =>
      trace.decoded.push(countReads(message, () => (trace.requestReads += 1)));
    const handed = (message: Message) => trace.handed.push(message);
    if (!request.stream) decoded(request.message);
    const response = await next(
      request.stream ? { ...request, message: each(request.message, decoded) } : request,
    );
    if (response.stream) return { ...response, message: each(response.message, handed) };
    handed(response.message);
    return response;
  };

/** Handlers that answer with one message, or with the ordered number of messages. */
function handlersOf(trace: Trace): OrderHandlers {
  const output = OrderService.method['placeOrder']?.output as DescMessage;
  const reply = (quantity: number) => {
    const message = create(output, { orderId: 'order-1', quantity });
    trace.answered.push(countReads(message, () => (trace.responseReads += 1)));
    return message as unknown as Reply;
  };
  return {
    placeOrder(order) {
      trace.given.push(order);
      return Promise.resolve(reply(1));
    },
    async placeOrders(orders) {
      for await (const order of orders) trace.given.push(order);
      return reply(1);
    },
    async *watchOrder(order) {
      trace.given.push(order);
      for (const quantity of [1, 2, 3]) yield reply(quantity);
    },
    async *negotiate(orders) {
      for await (const order of orders) {
        trace.given.push(order);
        yield reply(1);
      }
    },
  };
}

async function* three() {
  for (const quantity of [1, 2, 3]) yield { quantity };
}

async function readThree(replies: AsyncIterable<Reply>): Promise<void> {
  let read = 0;
  for await (const { orderId } of replies) read += orderId === 'order-1' ? 1 : 0;
  expect(read).to.equal(3);
}

interface Method {
  /** Messages of a call: those of the client and those of the server. */
  readonly requests: number;
  readonly responses: number;
  send(client: OrderClient): Promise<unknown>;
}

const methods: Readonly<Record<string, Method>> = {
  PlaceOrder: { requests: 1, responses: 1, send: (client) => client.placeOrder({ quantity: 3 }) },
  PlaceOrders: { requests: 3, responses: 1, send: (client) => client.placeOrders(three()) },
  WatchOrder: { requests: 1, responses: 3, send: (client) => readThree(client.watchOrder({ quantity: 3 })) },
  Negotiate: { requests: 3, responses: 3, send: (client) => readThree(client.negotiate(three())) },
};

/** The work of a server for ten calls, after a first one. */
async function serve({ send }: Method, protocol: Protocol, opened: OpenedActions | undefined) {
  const trace: Trace = {
    decoded: [],
    given: [],
    answered: [],
    handed: [],
    requestReads: 0,
    responseReads: 0,
  };
  const client = await openConnect(opened?.actions, handlersOf(trace), protocol, [tracing(trace)]);
  await send(client);
  for (const list of [trace.decoded, trace.given, trace.answered, trace.handed]) list.length = 0;
  Object.assign(trace, { requestReads: 0, responseReads: 0 });
  const counted = await countFunctions([...conversions, ...writesOfServer], async () => {
    for (let times = 0; times < 10; times++) await send(client);
  });
  return { counted, trace };
}

/** Writes that end a call, where its end is part of the body. */
const endings = (protocol: Protocol, method: string): number =>
  protocol === 'gRPC-web' || (protocol.startsWith('Connect') && method !== 'PlaceOrder') ? 1 : 0;

for (const protocol of [...protocols, 'Connect in JSON'] as const)
  describe(`${protocol.startsWith('Connect') ? protocol : `Connect over ${protocol}`} where nothing matches`, () => {
    for (const [name, method] of Object.entries(methods))
      it(`makes no JSON, no copy and no write of ${name} more than without this library`, async () => {
        const opened = await openActions();
        await opened.call({ request: { method: '/other.Service/Method' } }, {});
        await opened.call({ response: { method: '/other.Service/Method' } }, {});
        await opened.call({ event: { all: true } }, {});
        const bare = await serve(method, protocol, undefined);
        const guarded = await serve(method, protocol, opened);
        for (const { trace, counted } of [bare, guarded]) {
          expectSame(trace.decoded, trace.given, 10 * method.requests);
          expectSame(trace.answered, trace.handed, 10 * method.responses);
          expect(trace.requestReads).to.equal(0);
          expect(counted['write']).to.equal(10 * (method.responses + endings(protocol, name)));
        }
        expect(bare.trace.responseReads).to.be.at.least(10 * method.responses);
        expect(guarded.trace.responseReads).to.equal(bare.trace.responseReads);
        expect(guarded.counted).to.deep.equal(bare.counted);
      });
  });
