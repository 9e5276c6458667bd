import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createSecureServer, createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import type { ActionService } from './actionService.js';

/** The options of the server. */
export interface ActionServerOptions {
  /** Certificate and private key, as PEM. @defaultValue plain HTTP */
  readonly tls?: { readonly cert: string | Uint8Array; readonly key: string | Uint8Array };
}

/** A server that is not listening yet. */
export interface ActionServer {
  /** The underlying server of Node, for direct access to its sockets. */
  readonly server: Server;
  /** Stops listening, and ends every connection. It never rejects. */
  close(): Promise<void>;
}

/** The preface of an HTTP/2 client; no method of HTTP/1.1 starts like it. */
const preface = Buffer.from('PRI ');
/** How long a connection may take for its first bytes. Milliseconds. */
const firstBytesMs = 10_000;
/** Connections at once; further connections are closed immediately. */
const maxConnections = 1_024;

/** Passes a connection to one of two servers, by its first bytes. */
function bySniffing(socket: Socket, choose: (isHttp2: boolean) => void): void {
  let first = Buffer.alloc(0);
  const giveUp = () => socket.destroy();
  const look = () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    first = Buffer.concat([first, chunk]);
    const compared = Math.min(first.length, preface.length);
    const isHttp2 = first.subarray(0, compared).equals(preface.subarray(0, compared));
    if (isHttp2 && first.length < preface.length) return;
    socket.off('readable', look).off('timeout', giveUp).off('end', giveUp).setTimeout(0);
    socket.unshift(first);
    choose(isHttp2);
  };
  socket.on('error', giveUp).on('timeout', giveUp).on('end', giveUp).on('readable', look);
  socket.setTimeout(firstBytesMs);
}

function plainServer(handler: RequestListener, http2Handler: ActionService['handler']): Server {
  const http1 = createHttpServer(handler);
  const http2 = createHttp2Server(http2Handler);
  // A session that breaks off ends its own streams.
  http2.on('sessionError', () => undefined);
  return createServer((socket) => {
    bySniffing(socket, (isHttp2) => (isHttp2 ? http2 : http1).emit('connection', socket));
  });
}

function secureServer(
  handler: ActionService['handler'],
  tls: NonNullable<ActionServerOptions['tls']>,
): Server {
  const server = createSecureServer(
    { cert: Buffer.from(tls.cert), key: Buffer.from(tls.key), allowHTTP1: true, minVersion: 'TLSv1.2' },
    handler,
  );
  server.on('sessionError', (_error: Error, session: ServerHttp2Session) => {
    session.destroy();
  });
  // The handshake failed, for example for a client that expects another authority.
  server.on('tlsClientError', () => undefined);
  return server;
}

/**
 * One server for all clients of an ActionService: gRPC (HTTP/2, with TLS or in plaintext), gRPC-web, Connect and REST on one
 * port. Listen with `server.listen(port, host)`.
 */
export function createActionServer(
  { handler }: Pick<ActionService, 'handler'>,
  { tls }: ActionServerOptions = {},
): ActionServer {
  const serve = (...[request, response]: Parameters<ActionService['handler']>) => {
    handler(request, response);
  };
  const server = tls ? secureServer(serve, tls) : plainServer(serve, serve);
  server.maxConnections = maxConnections;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
