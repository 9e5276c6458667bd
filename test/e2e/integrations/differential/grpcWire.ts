import { connect, constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';

/** Frames that a client writes itself, in place of those of @grpc/grpc-js. */
export interface Wire {
  readonly headers?: Readonly<Record<string, string>>;
  /** Whole or malformed frames of gRPC. */
  readonly frames: readonly Buffer[];
}

/** A message of gRPC as it is sent: a flag, its length, its bytes. */
export function frame(message: Uint8Array, isCompressed = false): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(isCompressed ? 1 : 0);
  head.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([head, message]);
}

const shown = (headers: IncomingHttpHeaders): unknown =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'date'));

function watch(stream: ClientHttp2Stream, seen: unknown[]): Promise<void> {
  const received: Buffer[] = [];
  stream.on('response', (headers) => seen.push(['headers', shown(headers)]));
  stream.on('trailers', (headers: IncomingHttpHeaders) => seen.push(['trailers', shown(headers)]));
  stream.on('data', (chunk: Buffer) => received.push(chunk));
  stream.on('error', () => undefined);
  return new Promise((resolve) => {
    stream.on('close', () => {
      seen.push(['bytes', Buffer.concat(received).toString('hex')], ['reset', stream.rstCode]);
      resolve();
    });
  });
}

/** Sends frames on a connection of their own, each when `paced` allows it, and records the whole answer. */
export async function driveWire(
  authority: string,
  path: string,
  { headers, frames }: Wire,
  paced: (index: number) => Promise<void> | undefined,
): Promise<readonly unknown[]> {
  const session = connect(`http://${authority}`);
  session.on('error', () => undefined);
  const seen: unknown[] = [];
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  const closed = watch(stream, seen);
  stream.setTimeout(5_000, () => {
    seen.push('never ended');
    stream.close(constants.NGHTTP2_CANCEL);
  });
  for (const [index, bytes] of frames.entries()) {
    await paced(index);
    stream.write(bytes);
  }
  stream.end();
  await closed;
  session.close();
  return seen;
}
