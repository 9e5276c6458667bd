import {
  createFileRegistry,
  fromBinary,
  toBinary,
  type DescMessage,
  type DescService,
  type Message,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import {
  Code,
  ConnectError,
  createClient,
  type HandlerContext,
  type Interceptor,
  type ServiceImpl,
  type Transport,
} from '@connectrpc/connect';
import {
  connectNodeAdapter,
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import { readFileSync } from 'node:fs';
import { createServer as createHttp1Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { actionsInterceptor } from '../../../../src/integrations/connect/index.js';
import { closeAfterTest } from '../../../support/closings.js';
import { protos } from '../../../integrations/loadOrders.js';
import {
  catchingUnhandled,
  createNotebook,
  inChunks,
  settle,
  type Notebook,
  type Transcript,
  type Transcripts,
} from './compare.js';
import type { Note } from './grpcCase.js';
import { openMode, type Mode } from './modes.js';

/** What `buf build` makes of the protos of `kinds`. */
export const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(`${protos}/kinds.binpb`)),
);

const compressing = {
  acceptCompression: [compressionGzip],
  sendCompression: compressionGzip,
  compressMinBytes: 0,
};

/** How the client of each protocol is made, and the version of HTTP that it speaks. */
const protocols = {
  Connect: ['2', (to) => createConnectTransport({ httpVersion: '2', ...to })],
  'Connect, compressed': ['2', (to) => createConnectTransport({ httpVersion: '2', ...compressing, ...to })],
  'Connect with JSON over HTTP/1.1': [
    '1.1',
    ({ baseUrl }) => createConnectTransport({ httpVersion: '1.1', useBinaryFormat: false, baseUrl }),
  ],
  'Connect with GET requests': [
    '1.1',
    ({ baseUrl }) => createConnectTransport({ httpVersion: '1.1', useHttpGet: true, baseUrl }),
  ],
  gRPC: ['2', (to) => createGrpcTransport(to)],
  'gRPC-web over HTTP/1.1': ['1.1', ({ baseUrl }) => createGrpcWebTransport({ httpVersion: '1.1', baseUrl })],
} satisfies Record<
  string,
  readonly [
    httpVersion: '1.1' | '2',
    transport: (to: { readonly baseUrl: string; readonly sessionManager: Http2SessionManager }) => Transport,
  ]
>;

type ConnectProtocol = keyof typeof protocols;
export const connectProtocols = Object.keys(protocols) as readonly ConnectProtocol[];
export type Init = MessageInitShape<DescMessage>;

/** A handler as people write them, and the client that calls it. */
export interface ConnectCase {
  readonly name: string;
  /** @defaultValue Proto3Service */
  readonly service?: string;
  readonly method: 'unary' | 'collect' | 'watch' | 'talk';
  // Each kind of call has an interface of its own.
  readonly handler: (request: never, context: HandlerContext, note: Note) => unknown;
  /** Messages of the client. @defaultValue one without fields */
  readonly sends?: readonly object[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** When the client cancels: after so many messages that it received. */
  readonly cancelAfter?: number;
  /** When the client cancels: after its handler noted so much. */
  readonly cancelOnNote?: number;
  /** Whether the client ends its messages. @defaultValue true */
  readonly halfCloses?: boolean;
}

const shownHeaders = (headers: Headers): unknown =>
  Object.fromEntries(Array.from(headers).filter(([name]) => name !== 'date'));

async function* sending(given: ConnectCase): AsyncIterable<object> {
  yield* given.sends ?? [{}];
  // A client that neither sends more nor ends its messages.
  if (given.halfCloses === false) await new Promise<never>(() => undefined);
}

type Method = (request: unknown, options: object) => unknown;

const isDeadline = ({ code }: ConnectError): boolean => code === Code.DeadlineExceeded;

/** How long a call may take until the client gives it up. Milliseconds. */
const boundMs = 5_000;

/** Calls a handler and notes all that comes back. */
async function drive(
  method: Method,
  given: ConnectCase,
  { output, notes }: { readonly output: DescMessage; readonly notes: Notebook },
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const cancel = new AbortController();
  const giveUp = setTimeout(() => {
    seen.push('never ended');
    cancel.abort();
  }, boundMs);
  const note = (message: Message) =>
    seen.push(['message', Buffer.from(toBinary(output, message)).toString('hex')]);
  const options = {
    headers: { ...given.headers, 'x-case': encodeURIComponent(given.name) },
    signal: cancel.signal,
    ...(given.timeoutMs !== undefined && { timeoutMs: given.timeoutMs }),
    onHeader: (headers: Headers) => seen.push(['headers', shownHeaders(headers)]),
    onTrailer: (trailers: Headers) => seen.push(['trailers', shownHeaders(trailers)]),
  };
  const streams = given.method === 'collect' || given.method === 'talk';
  if (given.cancelOnNote !== undefined)
    void notes.until(given.name, given.cancelOnNote).then(() => {
      cancel.abort();
    });
  const isLeftOpen = given.halfCloses === false;
  let received = 0;
  try {
    const answer = method(streams ? sending(given) : (given.sends?.[0] ?? {}), options);
    if (given.method === 'unary' || given.method === 'collect') note((await answer) as Message);
    else
      for await (const message of answer as AsyncIterable<Message>) {
        note(message);
        received++;
        if (received === given.cancelAfter) cancel.abort();
      }
  } catch (error) {
    const failure = ConnectError.from(error);
    // Either side may notice a deadline first, and each says it differently, before or after what has come.
    if (isDeadline(failure)) seen.splice(0, seen.length, ['error', 'deadline']);
    else if (!isLeftOpen || failure.rawMessage !== 'Premature close')
      seen.push(['error', failure.code, failure.rawMessage, failure.details, shownHeaders(failure.metadata)]);
  } finally {
    clearTimeout(giveUp);
    cancel.abort();
  }
  // Where the client has not ended its messages, the reset of its stream may come before the trailers.
  return isLeftOpen ? seen.filter((what) => !Array.isArray(what) || what[0] !== 'trailers') : seen;
}

interface RunOptions {
  readonly protocol: ConnectProtocol;
  readonly mode?: Mode;
  /** What the handlers saw bare. */
  readonly bare?: Transcripts;
  /** Interceptors nearer to the handler. */
  readonly inner?: readonly Interceptor[];
}

/** Runs handlers bare, or guarded in a mode. */
export async function runConnect(
  cases: readonly ConnectCase[],
  { protocol, mode, bare, inner = [] }: RunOptions,
): Promise<Transcripts> {
  const opened = mode && (await openMode(mode));
  const notes = createNotebook();
  const unhandled: string[] = [];
  const handle = (request: never, context: HandlerContext) => {
    const name = decodeURIComponent(String(context.requestHeader.get('x-case')));
    const note: Note = (seen) => {
      notes.note(name, seen);
    };
    return cases.find((each) => each.name === name)?.handler(request, context, note);
  };
  const names = [...new Set(cases.map((each) => each.service ?? 'Proto3Service'))];
  const services = new Map(
    names.map((name) => [name, registry.getService(`kinds.v1.${name}`) as DescService]),
  );
  const [httpVersion, transportTo] = protocols[protocol];
  // Only calls without side effects are sent as GET requests.
  const idempotency =
    protocol === 'Connect with GET requests'
      ? MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS
      : MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
  for (const { method } of services.values()) Object.assign(method['unary'] ?? {}, { idempotency });
  const adapter = connectNodeAdapter({
    routes(router) {
      for (const service of services.values()) {
        const methods = Object.keys(service.method).map((name) => [name, handle]);
        router.service(service, Object.fromEntries(methods) as Partial<ServiceImpl<DescService>>);
      }
    },
    interceptors: [...(opened ? [actionsInterceptor(opened.actions)] : []), ...inner],
    acceptCompression: [compressionGzip],
    compressMinBytes: 0,
  });
  const server = httpVersion === '2' ? createHttp2Server(adapter) : createHttp1Server(adapter);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  closeAfterTest(() => {
    sessionManager.abort();
  });
  const transport = transportTo({ baseUrl, sessionManager });
  const transcripts = new Map<string, Transcript>();
  await catchingUnhandled(
    (reason) => unhandled.push(String(reason)),
    () =>
      inChunks(cases, async (given) => {
        const service = services.get(given.service ?? 'Proto3Service') as DescService;
        const method = service.method[given.method];
        const call = createClient(service, transport)[given.method] as Method | undefined;
        if (!method || !call) throw new Error(`there is no ${given.method}`);
        const client = await drive(call, given, { output: method.output, notes });
        await settle(notes, given.name, bare);
        transcripts.set(given.name, { client, handler: notes.of(given.name) });
      }),
  );
  transcripts.set('what no handler catches', { client: [], handler: unhandled.sort() });
  if ('closeIdleConnections' in server) {
    // The client keeps idle ones.
    server.closeIdleConnections();
    await wait(100);
  }
  const open = await new Promise<number>((resolve, reject) => {
    server.getConnections((error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });
  sessionManager.abort();
  // Ends only when no connection is left open.
  await new Promise((resolve) => server.close(resolve));
  transcripts.set('connections', { client: [open], handler: [] });
  return transcripts;
}
