import { gzipSync } from 'node:zlib';
import type { Script } from '../../support/targetServer.js';

/** The answer of a handler of Go's `net/http`. */
export interface GoAnswer {
  /** @defaultValue 200 */
  readonly status?: number;
  /** @defaultValue none */
  readonly body?: string;
  /** `null`: `w.Header()["Content-Type"] = nil`. @defaultValue the type that Go detects in the body */
  readonly contentType?: string | null;
  readonly location?: string;
  readonly gzip?: boolean;
  /** Whether the handler flushes: the answer then has no length. */
  readonly chunked?: boolean;
}

/** As `http.DetectContentType`, for the bodies of the table. It does not detect JSON. */
const detected = (body: string): string =>
  body.trimStart().startsWith('<') ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8';

const asChunks = (body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);

/** The bytes that Go writes: headers that were set in their order, then its own. */
function goBytes({ status = 200, body = '', ...answer }: GoAnswer): Buffer {
  const { contentType = body === '' ? null : detected(body), location, gzip, chunked } = answer;
  const content = gzip === true ? gzipSync(body) : Buffer.from(body);
  const head = [
    `HTTP/1.1 ${status} Go`,
    ...(gzip === true ? ['Content-Encoding: gzip'] : []),
    ...(location === undefined ? [] : [`Location: ${location}`]),
    'Date: Sat, 28 Nov 2026 10:00:00 GMT',
    ...(status === 204
      ? []
      : [chunked === true ? 'Transfer-Encoding: chunked' : `Content-Length: ${content.length}`]),
    ...(contentType === null ? [] : [`Content-Type: ${contentType}`]),
  ];
  return Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\n\r\n`),
    chunked === true ? asChunks(content) : content,
  ]);
}

export const asGo =
  (answer: GoAnswer): Script =>
  (_call, _response, socket) => {
    socket.write(goBytes(answer));
    return undefined;
  };
