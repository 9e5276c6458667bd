import { counted } from '../../lib/shown/figures.js';
import { isAnyArrayBuffer } from 'node:util/types';
import { InvalidArgumentError } from '../../errors.js';
import { reading } from '../../lib/reading/reading.js';
import { BodyCollector } from '../../lib/bodyCollector.js';

/** The bytes of a call as they came: whole, or as a stream that was not read yet, such as the request of `node:http`. */
export type RawBody =
  string | ArrayBufferLike | ArrayBufferView | AsyncIterable<string | ArrayBufferLike | ArrayBufferView>;

/** @throws {@link InvalidArgumentError} for a body that was parsed, is too large, or broke off */
export async function readRawBody(body: unknown, maximumBytes: number): Promise<Uint8Array> {
  const bytes = reading('the body', () => isStream(body))
    ? await readStream(body as AsyncIterable<unknown>, maximumBytes)
    : wholeBody(body);
  if (bytes.length > maximumBytes) throw tooLarge(maximumBytes);
  return bytes;
}

function wholeBody(body: unknown): Uint8Array {
  return reading('the body', () => bytesOf(body));
}

function bytesOf(body: unknown): Uint8Array {
  // Check this first, and keep the chunk: a view of each chunk of one byte would take a hundred times its size.
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  // Check members and not the class: values of another realm have other classes.
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (isAnyArrayBuffer(body)) return new Uint8Array(body);
  throw new InvalidArgumentError(
    'body has to be the received bytes, as text, Uint8Array, ArrayBuffer or stream: a parsed body can no longer ' +
      'be verified. In Express use express.raw({ type: "*/*" }), in Fastify a content type parser with parseAs: "buffer"',
  );
}

const isStream = (body: unknown): body is AsyncIterable<unknown> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

async function readStream(stream: AsyncIterable<unknown>, maximumBytes: number): Promise<Uint8Array> {
  // Collect into one buffer: a chunk of one byte would take a hundred times its size.
  const collected = new BodyCollector();
  try {
    for await (const chunk of stream) {
      const bytes = wholeBody(chunk);
      // Leaving the loop closes the stream: nothing more is read from an unverified caller.
      if (collected.length + bytes.length > maximumBytes) throw tooLarge(maximumBytes);
      if (bytes.length > 0) collected.add(bytes);
    }
  } catch (cause) {
    if (cause instanceof InvalidArgumentError) throw cause;
    throw new InvalidArgumentError('the body of the call ended before it was complete', { cause });
  }
  return collected.body();
}

const tooLarge = (maximumBytes: number): InvalidArgumentError =>
  new InvalidArgumentError(`the body of the call is larger than ${counted(maximumBytes, 'byte')}`);
