import { InvalidArgumentError } from '../../index.js';
import { createServer as createHttpServer, type Server } from 'node:http';
import {
  createSecureServer,
  createServer as createHttp2Server,
  type Http2SecureServer,
  type ServerHttp2Session,
} from 'node:http2';
import type { Socket } from 'node:net';
import { later } from '../../lib/clock.js';
import type { NodeRequest, NodeResponse } from './nodeMessages.js';

type Handler = (request: NodeRequest, response: NodeResponse) => void;

/** How long clients may take. Milliseconds. */
export interface ServerTimes {
  /** A handshake of TLS, the first bytes of a connection without TLS, and the head of a request. */
  readonly headMs: number;
  /** A whole request of HTTP/1.1. */
  readonly requestMs: number;
  /** A connection of HTTP/2 without a request. */
  readonly idleMs: number;
}

export const serverTimes: ServerTimes = { headMs: 10_000, requestMs: 40_000, idleMs: 60_000 };

/** Requests at once on one connection of HTTP/2. */
const maxConcurrentStreams = 100;
/** The preface of an HTTP/2 client; no method of HTTP/1.1 starts like it. */
const preface = Buffer.from('PRI ');

/** Passes a connection to one of two servers, by its first bytes. */
function bySniffing(socket: Socket, headMs: number, choose: (isHttp2: boolean) => void): void {
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
  socket.setTimeout(headMs);
}

/** Ends a session that has no request for a while. Node's idle time starts over at every ping. */
function endIdle(session: ServerHttp2Session, idleMs: number): void {
  let streams = 0;
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    timer = later('the idle time of a session', idleMs, () => {
      session.destroy();
    });
  };
  session.on('stream', (stream) => {
    streams += 1;
    clearTimeout(timer);
    stream.once('close', () => {
      streams -= 1;
      if (streams === 0 && !session.destroyed) wait();
    });
  });
  session.once('close', () => {
    clearTimeout(timer);
  });
  wait();
}

/** A slow head or body ends an HTTP/1.1 connection; Node looks at the connections that often. */
const http1Times = ({ headMs, requestMs }: ServerTimes) => ({
  headersTimeout: headMs,
  requestTimeout: requestMs,
  connectionsCheckingInterval: headMs / 2,
});

export function plainServer(handler: Handler, times: ServerTimes): Server {
  const http1 = createHttpServer(http1Times(times), handler);
  const http2 = createHttp2Server({ settings: { maxConcurrentStreams } }, handler);
  http2.on('session', (session) => {
    endIdle(session, times.idleMs);
  });
  // A session that breaks off ends its own streams.
  http2.on('sessionError', () => undefined);
  // Let the server of HTTP/1.1 listen: otherwise Node does not end slow connections.
  const accept = http1.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  http1.removeAllListeners('connection');
  http1.on('connection', (socket: Socket) => {
    bySniffing(socket, times.headMs, (isHttp2) => {
      if (isHttp2) http2.emit('connection', socket);
      else for (const listener of accept) listener.call(http1, socket);
    });
  });
  return http1;
}

type PEM = { readonly cert: string | Uint8Array; readonly key: string | Uint8Array };

const pemOf = ({ cert, key }: PEM) => opened(() => ({ cert: Buffer.from(cert), key: Buffer.from(key) }));

/** Hides the reason of OpenSSL, which may quote bytes of a private key. */
function opened<Result>(open: () => Result): Result {
  try {
    return open();
  } catch {
    throw new InvalidArgumentError('tls.cert and tls.key are PEM texts, and the key fits the certificate');
  }
}

export function secureServer(handler: Handler, times: ServerTimes, tls: PEM): Http2SecureServer {
  const options = {
    ...pemOf(tls),
    allowHTTP1: true,
    minVersion: 'TLSv1.2',
    handshakeTimeout: times.headMs,
    settings: { maxConcurrentStreams },
  } as const;
  // The server that reads the first bytes takes none of these options.
  const server = Object.assign(
    opened(() => createSecureServer(options, handler)),
    http1Times(times),
  );
  server.on('session', (session) => {
    endIdle(session, times.idleMs);
  });
  server.on('sessionError', (_error: Error, session: ServerHttp2Session) => {
    session.destroy();
  });
  // The handshake failed, for example for a client that expects another authority.
  server.on('tlsClientError', () => undefined);
  return server;
}
