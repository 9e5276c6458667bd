import { counted } from '../../lib/shown/figures.js';
import { request as startRequest } from 'node:http';
import type { Agent, IncomingMessage, RequestOptions } from 'node:http';

import { CallFailedError } from '../../errors.js';
import type { HttpAnswer } from '../../ports.js';
import { BodyCollector } from '../../lib/bodyCollector.js';
import type { Endpoint } from '../../network/endpoint.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import type { Dial, PoolOptions } from './socketPool.js';

export interface ExchangeOrder {
  readonly endpoint: Endpoint;
  readonly agent: Agent;
  readonly poolKey: string;
  /** How to open a socket where none is idle. */
  readonly dial: Dial | undefined;
  /** The target of the request line: a path, or a whole URL for a proxy. */
  readonly requestTarget: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
  readonly answerBytes: number;
  /** Whether only the status counts. */
  readonly ignoresAnswer: boolean;
  /** Throws where the request must no longer be sent. Called once the socket is open, in the step that writes. */
  readonly assertMaySend: (() => void) | undefined;
}

/**
 * `stale`: the socket came from the pool and was closed before the first byte of an answer, so that the server has most
 * likely not seen the request.
 */
export type ExchangeOutcome =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  | { readonly kind: 'failed'; readonly error: CallFailedError }
  | { readonly kind: 'stale'; readonly error: CallFailedError };

/** Interim answers (1xx) before the answer; one more ends the call. */
const maxInterim = 8;
const staleCodes = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);
const nothing: Uint8Array = new Uint8Array(0);

/**
 * One request and its answer, directly on `node:http`: no redirects, no decoding, the body read raw and limited. Calls
 * `done` once; the returned function gives up and closes the socket.
 */
export function exchange(order: ExchangeOrder, done: (outcome: ExchangeOutcome) => void): () => void {
  const { endpoint, body } = order;
  let isSettled = false;
  let isAnswered = false;
  let bytesBefore = 0;
  let interim = 0;
  // Every option is an own property: an absent one would be read from a polluted Object.prototype.
  const options: RequestOptions & PoolOptions = {
    protocol: `${endpoint.scheme}:`,
    agent: order.agent,
    host: endpoint.host,
    hostname: endpoint.host,
    port: endpoint.port,
    method: 'POST',
    path: order.requestTarget,
    headers: order.headers,
    setHost: false,
    maxHeaderSize: 16_384,
    insecureHTTPParser: false,
    joinDuplicateHeaders: false,
    socketPath: undefined,
    signal: undefined,
    timeout: undefined,
    poolKey: order.poolKey,
    dial: order.dial,
  };
  const request = startRequest(options);

  function settle(outcome: ExchangeOutcome): void {
    if (isSettled) return;
    isSettled = true;
    if (outcome.kind !== 'answered') request.destroy();
    done(outcome);
  }
  function fail(reason: CallFailedError['reason'], what: string): void {
    settle({ kind: 'failed', error: new CallFailedError(reason, `${endpoint.origin} ${what}`) });
  }

  function countInterim(): void {
    interim += 1;
    if (interim > maxInterim) fail('answer-invalid', `sent more than ${maxInterim} interim answers (1xx)`);
  }

  /** A process may sleep while a socket is being opened: check the right to send again when it is open. */
  function assertMaySend(): void {
    try {
      order.assertMaySend?.();
    } catch (error) {
      settle({
        kind: 'failed',
        error:
          error instanceof CallFailedError
            ? error
            : new CallFailedError('network', `${endpoint.origin} was not called (${errorCodeOf(error)})`),
      });
    }
  }

  request.on('socket', (socket) => {
    bytesBefore = socket.bytesRead;
    if (order.assertMaySend === undefined) return;
    assertMaySend();
    // Add this listener before the socket's own, which writes the waiting request.
    if (socket.connecting) socket.once('connect', assertMaySend);
    if (endpoint.scheme === 'https' && !request.reusedSocket) socket.once('secureConnect', assertMaySend);
  });
  request.on('error', (error) => {
    const code = errorCodeOf(error);
    const isUnanswered = request.socket?.bytesRead === bytesBefore;
    if (request.reusedSocket && isUnanswered && staleCodes.has(code))
      settle({
        kind: 'stale',
        error: new CallFailedError('network', `${endpoint.origin} closed the connection (${code})`),
      });
    else if (code === 'HPE_HEADER_OVERFLOW') fail('answer-too-large', 'answered with headers above 16 kB');
    else if (code.startsWith('HPE_'))
      fail('answer-invalid', `answered with something that is not HTTP (${code})`);
    else fail('network', `could not be called (${code})`);
  });
  // Also emitted for 100 (Continue).
  request.on('information', countInterim);
  request.on('upgrade', (_response, socket) => {
    socket.destroy();
    fail('answer-invalid', 'tried to switch protocols');
  });
  request.on('close', () => {
    if (!isAnswered) fail('network', 'closed the connection without an answer');
  });
  request.on('response', (response) => {
    isAnswered = true;
    readAnswer(
      response,
      order,
      (answer) => {
        settle({ kind: 'answered', answer });
        // A server that answers without reading the request would hold the socket forever.
        if (!response.complete || !request.writableFinished) request.destroy();
      },
      fail,
    );
  });
  request.end(body);
  return () => {
    isSettled = true;
    request.destroy();
  };
}

function readAnswer(
  response: IncomingMessage,
  { answerBytes, ignoresAnswer }: Pick<ExchangeOrder, 'answerBytes' | 'ignoresAnswer'>,
  done: (answer: HttpAnswer) => void,
  fail: (reason: CallFailedError['reason'], what: string) => void,
): void {
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 599 || response.httpVersionMajor !== 1) {
    fail('answer-invalid', 'answered with a status outside 200 to 599 or a version that is not HTTP/1');
    return;
  }
  const isRead = status < 300 && !ignoresAnswer;
  const { contentType, retryAfter, contentLength, isEncoded, isDelimited } = readHeaders(response.rawHeaders);
  const answerOf = (whole: Uint8Array): HttpAnswer => ({
    status,
    contentType,
    ...(retryAfter !== undefined && { retryAfter }),
    body: whole,
  });
  const collected = new BodyCollector();
  // Of an answer outside 2xx only the status counts: read its body, up to the limit, so that the socket can be used
  // again.
  const overflow = () => {
    if (isRead) fail('answer-too-large', `answered with more than ${counted(answerBytes, 'byte')}`);
    else done(answerOf(nothing));
  };
  if (isRead && isEncoded) {
    fail('answer-invalid', 'answered with an encoded body, which it was not offered');
    return;
  }
  response.on('error', (error) => {
    fail('network', `closed the connection before its answer was complete (${errorCodeOf(error)})`);
  });
  if (contentLength > answerBytes) {
    overflow();
    return;
  }
  response.on('data', (chunk: Uint8Array) => {
    if (collected.length + chunk.byteLength > answerBytes) overflow();
    else collected.add(chunk);
  });
  response.on('end', () => {
    // A reset right after the headers looks like an end, and an empty answer would pass the operation.
    const isEmpty = status < 300 && status !== 204 && collected.length === 0;
    const isCut = isEmpty && !isDelimited && response.httpVersionMinor > 0;
    if (response.complete && !isCut) done(answerOf(collected.body()));
    else fail('network', 'closed the connection before its answer was complete');
  });
}

/** Reads the needed headers from names and values in turn, without building an object of all of them. */
function readHeaders(raw: readonly string[]): {
  contentType: string;
  retryAfter: string | undefined;
  contentLength: number;
  isEncoded: boolean;
  /** Whether the headers say how the body ends: by a length, by chunks, or with the connection. */
  isDelimited: boolean;
} {
  let contentType = '';
  let contentLength = 0;
  let retryAfter: string | undefined;
  let isEncoded = false;
  let isDelimited = false;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    // The lengths of these names: other names are skipped without lower-casing them.
    if (
      name.length !== 10 &&
      name.length !== 11 &&
      name.length !== 12 &&
      name.length !== 14 &&
      name.length !== 16 &&
      name.length !== 17
    )
      continue;
    const lower = name.toLowerCase();
    if (lower === 'content-type')
      contentType = contentType === '' ? value.toLowerCase() : `${contentType}, ${value.toLowerCase()}`;
    else if (lower === 'retry-after') retryAfter ??= value;
    else if (lower === 'connection') isDelimited ||= value.trim().toLowerCase() === 'close';
    else if (lower === 'content-length') {
      contentLength = Number(value);
      isDelimited = true;
    }
    if (lower === 'content-encoding') isEncoded ||= value.trim().toLowerCase() !== 'identity';
    else if (lower === 'transfer-encoding') {
      isDelimited = true;
      isEncoded ||= value.trim().toLowerCase() !== 'chunked';
    }
  }
  return { contentType, retryAfter, contentLength, isEncoded, isDelimited };
}
