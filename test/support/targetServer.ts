import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

import { createConditions } from './conditions.js';

/** A call that an endpoint received. */
export interface ReceivedCall {
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as sent. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** The answer of an endpoint. */
export interface ScriptedAnswer {
  /** @defaultValue 200 */
  readonly status?: number;
  /** @defaultValue none */
  readonly body?: string | Uint8Array;
  /** @defaultValue `{ 'content-type': 'application/json' }` where there is a body */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Milliseconds before the answer. @defaultValue 0 */
  readonly delayMs?: number;
}

/**
 * How an endpoint behaves: an answer; `never` (reads the request and stays silent), `reset` (reads it and resets the
 * connection), or a function that answers, or takes the answer into its own hands and returns nothing.
 */
export type Script =
  | ScriptedAnswer
  | 'never'
  | 'reset'
  | ((
      call: ReceivedCall,
      response: ServerResponse,
      socket: Socket,
    ) => ScriptedAnswer | undefined | Promise<ScriptedAnswer | undefined>);

export interface TargetServer {
  readonly port: number;
  /** `host:port`, as a network policy writes it. */
  readonly allow: string;
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** The URL of a path. @defaultValue `/` */
  url(path?: string): string;
  /** Replaces the script, for calls from now on. */
  answer(script: Script): void;
  /** Calls that arrived whole, in order. */
  readonly received: readonly ReceivedCall[];
  /** The number of all connections so far. */
  connections(): number;
  /** The number of open connections. */
  openConnections(): number;
  /** Resolves when `count` calls have arrived whole. */
  whenReceived(count: number): Promise<readonly ReceivedCall[]>;
  /** Resolves when no connection is open. */
  whenIdle(): Promise<void>;
  /** Ends idle keep-alive connections, as a server that restarts. */
  dropConnections(): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface TargetServerOptions {
  /** Serves https with this certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** @defaultValue 127.0.0.1 */
  readonly host?: string;
}

/** A real endpoint on loopback that acts as its script says, and keeps its calls. */
export async function targetServer(
  script: Script = {},
  options: TargetServerOptions = {},
): Promise<TargetServer> {
  const { host = '127.0.0.1', tls } = options;
  const received: ReceivedCall[] = [];
  const open = new Set<Socket>();
  let current = script;
  let connections = 0;
  const { until, changed } = createConditions();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const call: ReceivedCall = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    received.push(call);
    changed();
    const behaviour = current;
    if (behaviour === 'never') return;
    if (behaviour === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const answer =
      typeof behaviour === 'function' ? await behaviour(call, response, request.socket) : behaviour;
    if (answer === undefined) return;
    if (answer.delayMs !== undefined)
      await new Promise((resolve) => setTimeout(resolve, answer.delayMs).unref());
    const usual = answer.body === undefined ? {} : { 'content-type': 'application/json' };
    response.writeHead(answer.status ?? 200, { ...usual, ...answer.headers } as Record<string, string>);
    response.end(answer.body);
  }

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => {
      // The client gave up while it was sending.
      request.socket.destroy();
    });
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  // Idle connections are for the client to close, so that tests see whether it does.
  server.keepAliveTimeout = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      changed();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  const origin = `${tls === undefined ? 'http' : 'https'}://${shownHost}:${port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      for (const socket of open) socket.destroy();
    });
  return {
    port,
    allow: `${shownHost}:${port}`,
    origin,
    url: (path = '/') => `${origin}${path}`,
    answer(next) {
      current = next;
    },
    received,
    connections: () => connections,
    openConnections: () => open.size,
    async whenReceived(count) {
      await until(() => received.length >= count);
      return received;
    },
    whenIdle: () => until(() => open.size === 0),
    dropConnections() {
      for (const socket of open) socket.destroy();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
