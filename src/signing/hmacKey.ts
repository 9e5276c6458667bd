import { hash } from 'node:crypto';

/** Bytes that SHA-256 works on at once. */
const blockBytes = 64;
const digestBytes = 32;

/**
 * A key of HMAC-SHA-256 (RFC 2104), prepared once. `createHmac` gives the same: it makes a stream and an object of
 * OpenSSL for each message, which cost a call more than the hashes and are left to the garbage collector.
 */
export class HmacKey {
  readonly #innerPad = Buffer.alloc(blockBytes, 0x36);
  /** The outer pad, and room for the digest of the inner hash. */
  readonly #outer = Buffer.alloc(blockBytes + digestBytes, 0x5c);

  constructor(key: Uint8Array) {
    const short = key.byteLength > blockBytes ? hash('sha256', key, 'buffer') : key;
    for (const [at, byte] of short.entries()) {
      this.#innerPad[at] = byte ^ 0x36;
      this.#outer[at] = byte ^ 0x5c;
    }
  }

  sign(message: Uint8Array, encoding: 'hex' | 'base64'): string {
    const inner = Buffer.allocUnsafe(blockBytes + message.byteLength);
    inner.set(this.#innerPad);
    inner.set(message, blockBytes);
    this.#outer.write(hash('sha256', inner, 'binary'), blockBytes, 'binary');
    // Clear the memory, which is used again: the pad reveals the key.
    inner.fill(0, 0, blockBytes);
    return hash('sha256', this.#outer, encoding);
  }
}
