import type { DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { createClient, type HandlerContext, type ServiceImpl, type Transport } from '@connectrpc/connect';
import {
  connectNodeAdapter,
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import { createServer as createHttp1Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actions } from '../../../../src/index.js';
import { actionsInterceptor } from '../../../../src/integrations/connect/index.js';
import { closeAfterTest } from '../../../support/closings.js';
import {
  catchingUnhandled,
  createNotebook,
  inChunks,
  settle,
  type Notebook,
  type Transcript,
  type Transcripts,
} from './compare.js';
import { registry, type ConnectCase, type ConnectSetup, type NoteOf } from './connectCase.js';
import { drive, type Method } from './connectDrive.js';
import type { Note } from './grpcCase.js';
import { openMode, type Mode } from './modes.js';

const compressing = {
  acceptCompression: [compressionGzip],
  sendCompression: compressionGzip,
  compressMinBytes: 0,
};

type To = NonNullable<ConnectSetup['client']> & {
  readonly baseUrl: string;
  readonly sessionManager: Http2SessionManager;
};

/** How the client of each protocol is made, and the version of HTTP that it speaks. */
const protocols = {
  Connect: ['2', (to) => createConnectTransport({ httpVersion: '2', ...to })],
  'Connect, compressed': ['2', (to) => createConnectTransport({ httpVersion: '2', ...compressing, ...to })],
  'Connect with JSON over HTTP/1.1': [
    '1.1',
    ({ sessionManager: _http2, ...to }) =>
      createConnectTransport({ httpVersion: '1.1', useBinaryFormat: false, ...to }),
  ],
  'Connect with GET requests': [
    '1.1',
    ({ sessionManager: _http2, ...to }) =>
      createConnectTransport({ httpVersion: '1.1', useHttpGet: true, ...to }),
  ],
  gRPC: ['2', (to) => createGrpcTransport(to)],
  'gRPC-web over HTTP/1.1': [
    '1.1',
    ({ sessionManager: _http2, ...to }) => createGrpcWebTransport({ httpVersion: '1.1', ...to }),
  ],
} satisfies Record<string, readonly [httpVersion: '1.1' | '2', transport: (to: To) => Transport]>;

type ConnectProtocol = keyof typeof protocols;
export const connectProtocols = Object.keys(protocols) as readonly ConnectProtocol[];
interface RunOptions {
  readonly protocol: ConnectProtocol;
  readonly mode?: Mode;
  /** The steps that the bare handlers saw. */
  readonly bare?: Transcripts;
}

interface Serving {
  readonly protocol: ConnectProtocol;
  readonly cases: readonly ConnectCase[];
  readonly services: ReadonlyMap<string, DescService>;
  readonly notes: Notebook;
  readonly actions: Actions | undefined;
}

const nameOf = (header: Headers): string => decodeURIComponent(String(header.get('x-case')));

/** A server of all services, made as a setup asks for it, and its client. */
async function openSetup(setup: ConnectSetup, { protocol, cases, services, notes, actions }: Serving) {
  const handle = (request: never, context: HandlerContext) => {
    const name = nameOf(context.requestHeader);
    const note: Note = (seen) => {
      notes.note(name, seen);
    };
    return cases.find((each) => each.name === name)?.handler(request, context, note);
  };
  const noteOf: NoteOf = (header, seen) => {
    notes.note(nameOf(header), seen);
  };
  const [httpVersion, transportTo] = protocols[protocol];
  const adapter = connectNodeAdapter({
    routes(router) {
      for (const service of services.values()) {
        const methods = Object.keys(service.method).map((name) => [name, handle]);
        router.service(service, Object.fromEntries(methods) as Partial<ServiceImpl<DescService>>);
      }
    },
    acceptCompression: [compressionGzip],
    compressMinBytes: 0,
    ...setup.server,
    interceptors: [
      ...(setup.outer?.(noteOf) ?? []),
      ...(actions ? [actionsInterceptor(actions)] : []),
      ...(setup.inner?.(noteOf) ?? []),
    ],
  });
  const server = httpVersion === '2' ? createHttp2Server(adapter) : createHttp1Server(adapter);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  closeAfterTest(() => {
    sessionManager.abort();
  });
  return {
    transport: transportTo({ baseUrl, sessionManager, ...setup.client }),
    /** Ends only when no connection is open; returns the number of open connections that were not idle. */
    async close(): Promise<number> {
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
      if (setup.leavesConnections && 'closeAllConnections' in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      return setup.leavesConnections ? 0 : open;
    },
  };
}

/** The setup of cases that name none. */
const plain: ConnectSetup = {};

/** Runs handlers bare, or guarded in a mode. */
export async function runConnect(
  cases: readonly ConnectCase[],
  { protocol, mode, bare }: RunOptions,
): Promise<Transcripts> {
  const opened = mode && (await openMode(mode));
  const notes = createNotebook();
  const unhandled: string[] = [];
  const names = [...new Set(cases.map((each) => each.service ?? 'Proto3Service'))];
  const services = new Map(
    names.map((name) => [name, registry.getService(`kinds.v1.${name}`) as DescService]),
  );
  // Only calls without side effects are sent as GET requests.
  const idempotency =
    protocol === 'Connect with GET requests'
      ? MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS
      : MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
  for (const { method } of services.values()) Object.assign(method['unary'] ?? {}, { idempotency });
  const servers = new Map<ConnectSetup, Awaited<ReturnType<typeof openSetup>>>();
  for (const setup of new Set(cases.map((each) => each.setup ?? plain)))
    servers.set(
      setup,
      await openSetup(setup, { protocol, cases, services, notes, actions: opened?.actions }),
    );
  const transcripts = new Map<string, Transcript>();
  await catchingUnhandled(
    (reason) => unhandled.push(String(reason)),
    () =>
      inChunks(cases, async (given) => {
        const service = services.get(given.service ?? 'Proto3Service') as DescService;
        const method = service.method[given.method];
        const transport = servers.get(given.setup ?? plain)?.transport as Transport;
        const call = createClient(service, transport)[given.method] as Method | undefined;
        if (!method || !call) throw new Error(`there is no ${given.method}`);
        const client = await drive(call, given, { output: method.output, notes });
        await settle(notes, given.name, bare);
        transcripts.set(given.name, { client, handler: notes.of(given.name) });
      }),
  );
  transcripts.set('what no handler catches', { client: [], handler: unhandled.sort() });
  const open = await Promise.all(Array.from(servers.values(), (server) => server.close()));
  transcripts.set('connections', { client: open, handler: [] });
  return transcripts;
}
