import { InvalidArgumentError } from '../errors.js';

/** The bytes of a call as they came: whole, or as a stream that nobody has read from, such as the request of `node:http`. */
export type RawBody = string | Uint8Array | AsyncIterable<Uint8Array | string>;

/** @throws {@link InvalidArgumentError} for a body that was parsed, is too large, or broke off */
export async function readRawBody(body: unknown, maximumBytes: number): Promise<Uint8Array> {
  const bytes = isStream(body) ? await readStream(body, maximumBytes) : wholeBody(body);
  if (bytes.length > maximumBytes) throw tooLarge(maximumBytes);
  return bytes;
}

function wholeBody(body: unknown): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  throw new InvalidArgumentError(
    'body has to be the bytes as they came, as text, Uint8Array or stream: a body that was parsed cannot be verified any ' +
      'more. In Express use express.raw({ type: "*/*" }), in Fastify a content type parser with parseAs: "buffer"',
  );
}

const isStream = (body: unknown): body is AsyncIterable<unknown> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

async function readStream(stream: AsyncIterable<unknown>, maximumBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = wholeBody(chunk);
      length += bytes.length;
      // Leaving the loop closes the stream: nothing more is read from somebody who may be anybody.
      if (length > maximumBytes) throw tooLarge(maximumBytes);
      chunks.push(bytes);
    }
  } catch (cause) {
    if (cause instanceof InvalidArgumentError) throw cause;
    throw new InvalidArgumentError('the body of the call broke off', { cause });
  }
  return Buffer.concat(chunks);
}

const tooLarge = (maximumBytes: number): InvalidArgumentError =>
  new InvalidArgumentError(`the body of the call is larger than ${maximumBytes} bytes`);
