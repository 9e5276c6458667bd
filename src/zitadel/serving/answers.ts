import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { constants, type Http2ServerResponse } from 'node:http2';
import { later, soon } from '../../lib/clock.js';
import type { NodeRequest, NodeResponse } from './nodeMessages.js';

/** How much more of a refused body is read, so that a sender that reads the answer only after its body receives it. */
const rest = { bytes: 16 * 1_048_576, durationMs: 5_000 };

/** Reads and drops the rest of a body, up to the limits. */
function discardRest(request: NodeRequest, done: () => void): void {
  let left = rest.bytes;
  const take = (chunk: Uint8Array): void => {
    left -= chunk.byteLength;
    if (left < 0) end();
  };
  const ends = ['end', 'close', 'error'] as const;
  const end = (): void => {
    clearTimeout(late);
    request.off('data', take);
    for (const each of ends) request.off(each, end);
    // The stream is over, or its socket is closed with the answer: ignore its error.
    request.on('error', () => undefined);
    done();
  };
  const late = later('the time limit of a refused body', rest.durationMs, end);
  request.on('data', take);
  for (const each of ends) request.on(each, end);
  // A reader that stopped in the middle releases the stream at the end of this turn.
  soon('the rest of a refused body', () => request.resume());
}

const isHttp2 = (response: NodeResponse): response is Http2ServerResponse => 'stream' in response;

/** Ends an answer over HTTP/2. A stream whose body is not read never ends, and its sender waits. */
function endStream(response: Http2ServerResponse, end: () => void): void {
  const { req: request, stream } = response;
  end();
  if (request.complete || stream.endAfterHeaders) return;
  discardRest(request, () => {
    stream.close(constants.NGHTTP2_NO_ERROR);
  });
}

/**
 * Ends an answer. When the body of its request has not arrived whole, it closes the stream or the connection, after
 * the sender has had time to read the answer. A connection closed with unread bytes is reset, and the answer is lost.
 */
export function endAnswer(
  response: NodeResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: Uint8Array,
): void {
  // The two kinds of response declare `writeHead` separately.
  const answer = response as ServerResponse;
  const { req: request } = answer;
  const end = () => answer.writeHead(status, headers).end(body);
  if (isHttp2(response)) {
    endStream(response, end);
    return;
  }
  if (request.complete) {
    end();
    return;
  }
  answer.writeHead(status, { ...headers, connection: 'close' }).write(body);
  discardRest(request, () => answer.end());
}

export function sendJSON(response: NodeResponse, status: number, document: unknown): void {
  const body = Buffer.from(JSON.stringify(document));
  endAnswer(response, status, { 'content-type': 'application/json', 'content-length': body.length }, body);
}
