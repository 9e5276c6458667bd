import { Code, ConnectError } from '@connectrpc/connect';
import type { sendUnaryData, ServerUnaryCall, StatusObject } from '@grpc/grpc-js';
import { inspect } from 'node:util';
import { rejection, type OpenedActions } from '../support/openActions.js';
import { openConnect, type Protocol } from './connectServer.js';
import { startExpress } from './expressServer.js';
import { startFastify } from './fastifyServer.js';
import { openGrpc } from './grpcServer.js';
import { openServer, type StartServer } from './httpServer.js';

/** The answer to a client outside of the process whose call failed. */
export interface Told {
  /** Status of HTTP, or the name or number of a code. */
  readonly status: number | string;
  /** The sentence for people. */
  readonly sentence: unknown;
  /** The whole answer, with headers and trailers. */
  readonly everything: string;
}

interface OutsideCaller {
  /** HTTP statuses, or those of gRPC. */
  readonly kind: 'http' | 'grpc';
  /** Starts a server and places an order, which the handler appends to `order-1`. Headers are those of a call. */
  place(opened: OpenedActions, headers?: Readonly<Record<string, string>>): Promise<Told>;
}

const all = (received: unknown): string => inspect(received, { depth: Infinity, maxStringLength: null });

const append = (guarded: OpenedActions['guarded']) =>
  guarded.append('order-1', [{ type: 'order.placed', data: { quantity: 1 } }], {
    expectedVersion: 'no-stream',
  });

const overHttp = (start: StartServer): OutsideCaller => ({
  kind: 'http',
  async place(opened, headers = {}) {
    const { send } = await openServer(start, {
      ...opened,
      guarded: { ...opened.guarded, append: () => append(opened.guarded) },
    });
    const answer = await send('place', { quantity: 1 }, headers);
    const { detail } = answer.json() as { readonly detail?: unknown };
    const everything = all([answer.status, answer.headers, answer.text]);
    return { status: answer.status, sentence: detail, everything };
  },
});

const overGrpc: OutsideCaller = {
  kind: 'grpc',
  async place({ actions, guarded }, headers = {}) {
    const { unary } = await openGrpc(actions, {
      PlaceOrder(_call: ServerUnaryCall<object, object>, respond: sendUnaryData<object>) {
        append(guarded).then(
          () => {
            respond(null, { quantity: 1 });
          },
          (error: unknown) => {
            respond(error as Error);
          },
        );
      },
    });
    const error = (await rejection(unary('PlaceOrder', { quantity: 1 }, headers))) as Error & StatusObject;
    const { code, details, metadata, message } = error;
    return {
      status: code,
      sentence: details,
      everything: all([code, details, metadata.getMap(), message, error]),
    };
  },
};

const overConnect = (protocol: Protocol): OutsideCaller => ({
  kind: 'grpc',
  async place({ actions, guarded }, headers = {}) {
    const handlers = {
      placeOrder: async () => {
        await append(guarded);
        return { quantity: 1 };
      },
    };
    const client = await openConnect(actions, handlers, protocol);
    const error = await rejection(client.placeOrder({ quantity: 1 }, { headers }));
    if (!(error instanceof ConnectError)) throw error;
    const { code, rawMessage, details, metadata, cause } = error;
    const everything = all([Code[code], rawMessage, details, [...metadata], cause, error]);
    return { status: code, sentence: rawMessage, everything };
  },
});

export const outsideCallers: Readonly<Record<string, OutsideCaller>> = {
  Express: overHttp(startExpress),
  Fastify: overHttp(startFastify),
  'grpc-js': overGrpc,
  Connect: overConnect('Connect'),
  'Connect by gRPC': overConnect('gRPC'),
  'Connect by gRPC-web': overConnect('gRPC-web'),
};
