import { request as startRequest } from 'node:http';
import type { Socket } from 'node:net';

import { CallFailedError, InvalidArgumentError } from '../../errors.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { reading } from '../../lib/reading/reading.js';
import type { Endpoint } from '../../network/endpoint.js';
import { errorCodeOf } from '../../lib/errorCode.js';

/**
 * An HTTP proxy that all calls go through. The proxy then resolves the names and dials, so it has to judge the
 * addresses behind a name; this library still judges schemes, ports, names and literal addresses. The proxy itself is
 * not judged: the operator chose it. A proxy of https endpoints sees the host and port only (CONNECT, RFC 9110 section
 * 9.3.6), of http endpoints everything.
 */
export interface ProxyOptions {
  /** `http://[user:password@]host[:port]`. */
  readonly url: string;
}

const optionNames: OptionNames<ProxyOptions> = { url: true };

export interface Proxy {
  readonly host: string;
  readonly port: number;
  readonly authorization: string | undefined;
}

/** @throws {@link InvalidArgumentError} for anything but the URL of an HTTP proxy; the message does not repeat it */
export function parseProxy(options: ProxyOptions): Proxy {
  const { url } = readOptions(options, optionNames, 'proxy');
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' || parsed.pathname !== '/' || parsed.search !== '' || parsed.hash !== '')
    throw new InvalidArgumentError(
      'proxy.url is the URL of an HTTP proxy: http://[user:password@]host[:port]; nothing was opened',
      {
        rule: 'proxy',
      },
    );
  const { username, password } = parsed;
  const credentials = reading(
    'the user and password of proxy.url',
    () => `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
  );
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? 80 : Number(parsed.port),
    authorization:
      username === '' && password === '' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}

/** Opens a tunnel through the proxy. The returned function gives up. */
export function openTunnel(
  proxy: Proxy,
  endpoint: Endpoint,
  done: (tunnel: Socket | CallFailedError) => void,
): () => void {
  const { host, port, authorization } = proxy;
  const bracketed = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  const target = `${bracketed}:${endpoint.port}`;
  const fail = (what: string) => {
    done(
      new CallFailedError(
        'network',
        `the proxy opened no tunnel to ${endpoint.origin} (${what}); nothing was sent`,
      ),
    );
  };
  const request = startRequest({
    host,
    port,
    method: 'CONNECT',
    path: target,
    agent: false,
    headers: ['host', target, ...(authorization === undefined ? [] : ['proxy-authorization', authorization])],
    setHost: false,
  });
  request.on('connect', (response, socket: Socket, head) => {
    // Refuse bytes right after the answer: TLS would read them as part of the handshake.
    if (response.statusCode === 200 && head.byteLength === 0) {
      done(socket);
      return;
    }
    socket.destroy();
    fail(
      response.statusCode === 200
        ? 'it sent bytes before the TLS handshake'
        : `status ${response.statusCode ?? 0}`,
    );
  });
  request.on('response', (response) => {
    response.destroy();
    fail(`status ${response.statusCode ?? 0}`);
  });
  request.on('error', (error) => {
    fail(errorCodeOf(error));
  });
  request.end();
  return () => request.destroy();
}
