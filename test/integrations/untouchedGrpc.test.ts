import {
  Server,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientWritableStream,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { expect } from 'chai';
import { guardService } from '../../src/integrations/grpc/index.js';
import { openActions, type OpenedActions } from '../support/openActions.js';
import { conversions, countFunctions, writesOfServer } from './countedFunctions.js';
import { expectSame } from './expectSame.js';
import { connect } from './grpcServer.js';
import { loadOrders } from './loadOrders.js';

interface Order {
  readonly quantity: number;
}

/** The steps of messages on the server, in order. */
interface Trace {
  /** Messages that gRPC decoded. */
  readonly decoded: unknown[];
  /** Messages that the handler received. */
  readonly given: unknown[];
  /** Messages that the handler answered with. */
  readonly answered: unknown[];
  /** Messages that gRPC encoded. */
  readonly encoded: unknown[];
  /** How often a request was encoded or a response decoded, which a server never needs. */
  needless: number;
}

/** The definition of the service, whose codecs record their messages. */
function tracedService(service: ServiceDefinition, trace: Trace): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => {
      const needless =
        <Sent, Result>(codec: (sent: Sent) => Result) =>
        (sent: Sent) => {
          trace.needless += 1;
          return codec(sent);
        };
      return [
        name,
        {
          ...method,
          requestDeserialize: (bytes: Buffer) => {
            const message: unknown = method.requestDeserialize(bytes);
            trace.decoded.push(message);
            return message;
          },
          responseSerialize: (message: unknown) => {
            trace.encoded.push(message);
            return method.responseSerialize(message);
          },
          requestSerialize: needless(method.requestSerialize.bind(method)),
          responseDeserialize: needless(method.responseDeserialize.bind(method)),
        },
      ];
    }),
  );
}

/** Handlers that answer each order with one message, or with the ordered number of messages. */
function handlersOf({ given, answered }: Trace) {
  const reply = (quantity: number) => {
    const message = { orderId: 'order-1', quantity };
    answered.push(message);
    return message;
  };
  return {
    PlaceOrder({ request }: ServerUnaryCall<Order, object>, respond: sendUnaryData<object>) {
      given.push(request);
      respond(null, reply(request.quantity));
    },
    PlaceOrders(call: ServerReadableStream<Order, object>, respond: sendUnaryData<object>) {
      call.on('data', (order: Order) => given.push(order));
      call.on('end', () => {
        respond(null, reply(1));
      });
    },
    WatchOrder(call: ServerWritableStream<Order, object>) {
      given.push(call.request);
      for (let quantity = 1; quantity <= call.request.quantity; quantity++) call.write(reply(quantity));
      call.end();
    },
    Negotiate(call: ServerDuplexStream<Order, object>) {
      call.on('data', (order: Order) => {
        given.push(order);
        call.write(reply(order.quantity));
      });
      call.on('end', () => {
        call.end();
      });
    },
  };
}

async function start(opened: OpenedActions | undefined) {
  const OrderService = loadOrders();
  const trace: Trace = { decoded: [], given: [], answered: [], encoded: [], needless: 0 };
  const service = tracedService(OrderService.service, trace);
  const handlers = handlersOf(trace);
  const server = new Server();
  server.addService(service, opened ? guardService(service, handlers, opened.actions) : handlers);
  const client = await connect(server, OrderService);
  return { client, trace };
}

type TestClient = Awaited<ReturnType<typeof start>>['client'];

async function drain(call: AsyncIterable<unknown>): Promise<void> {
  let messages = 0;
  for await (const message of call) messages += message === null ? 0 : 1;
  expect(messages).to.equal(3);
}

function sendThree(call: ClientWritableStream<Order>): void {
  for (const quantity of [1, 2, 3]) call.write({ quantity });
  call.end();
}

/** One call of each kind, three messages to a stream. */
const calls: Readonly<Record<string, (client: TestClient) => Promise<void>>> = {
  PlaceOrder: (client) =>
    new Promise((resolve, reject) => {
      client['PlaceOrder']?.({ item: 'book', quantity: 3 }, (error: Error | null) => {
        if (error) reject(error);
        else resolve();
      });
    }),
  PlaceOrders: (client) =>
    new Promise((resolve, reject) => {
      const call = client['PlaceOrders']?.((error: Error | null) => {
        if (error) reject(error);
        else resolve();
      });
      sendThree(call as ClientWritableStream<Order>);
    }),
  WatchOrder: (client) => drain(client['WatchOrder']?.({ quantity: 3 }) as ClientReadableStream<unknown>),
  Negotiate: async (client) => {
    const call = client['Negotiate']?.() as ClientDuplexStream<Order, unknown>;
    sendThree(call);
    await drain(call);
  },
};

/** Messages of a call: those of the client and those of the server. */
const messages: Readonly<Record<string, readonly [number, number]>> = {
  PlaceOrder: [1, 1],
  PlaceOrders: [3, 1],
  WatchOrder: [1, 3],
  Negotiate: [3, 3],
};

/** The work of a server for ten calls, after first ones. */
async function serve(method: string, opened: OpenedActions | undefined) {
  const { client, trace } = await start(opened);
  const send = async () => calls[method]?.(client);
  await send();
  for (const list of [trace.decoded, trace.given, trace.answered, trace.encoded]) list.length = 0;
  const counted = await countFunctions([...conversions, ...writesOfServer], async () => {
    for (let times = 0; times < 10; times++) await send();
  });
  return { counted, trace };
}

describe('gRPC where nothing matches', () => {
  for (const method of Object.keys(calls))
    it(`makes no JSON, no copy and no write of ${method} more than without this library`, async () => {
      const opened = await openActions();
      await opened.call({ request: { method: '/other.Service/Method' } }, {});
      await opened.call({ response: { method: '/other.Service/Method' } }, {});
      await opened.call({ event: { all: true } }, {});
      const bare = await serve(method, undefined);
      const guarded = await serve(method, opened);
      const [requests, responses] = messages[method] ?? [0, 0];
      for (const { counted, trace } of [bare, guarded]) {
        expectSame(trace.decoded, trace.given, 10 * requests);
        expectSame(trace.answered, trace.encoded, 10 * responses);
        expect(trace.needless).to.equal(0);
        expect(counted).to.deep.equal({
          parse: 0,
          stringify: 0,
          structuredClone: 0,
          write: 10 * responses,
          end: 0,
        });
      }
    });
});
