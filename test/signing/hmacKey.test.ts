import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { HmacKey } from '../../src/signing/hmacKey.js';

describe('an HMAC key', () => {
  it("signs like Node's createHmac, with a key and a message of any length", () => {
    const bytes = (maxLength: number) => fc.uint8Array({ maxLength, size: 'max' });
    fc.assert(
      fc.property(bytes(200), fc.array(bytes(300), { minLength: 1, maxLength: 3 }), (key, messages) => {
        const hmacKey = new HmacKey(key);
        for (const message of messages)
          for (const encoding of ['hex', 'base64'] as const)
            expect(hmacKey.sign(message, encoding)).to.equal(
              createHmac('sha256', key).update(message).digest(encoding),
            );
      }),
    );
  });

  for (const length of [0, 63, 64, 65, 128])
    it(`signs like Node's createHmac with a key of ${length} bytes and a message of a million`, () => {
      const key = Buffer.alloc(length, 0xa7);
      const message = Buffer.alloc(1_000_000, 'é');
      const expected = createHmac('sha256', key).update(message).digest('hex');
      expect(new HmacKey(key).sign(message, 'hex')).to.equal(expected);
    });

  it('leaves no part of the key in memory that Node hands out again', () => {
    const key = Buffer.alloc(64, 0x11);
    const message = Buffer.alloc(100, 0x22);
    const hmacKey = new HmacKey(key);
    // Small buffers come one after another from pools of 8 kB: start early in one.
    let start = Buffer.allocUnsafe(8);
    for (let tries = 0; tries < 2_000 && start.byteOffset > 4_096; tries++) start = Buffer.allocUnsafe(8);
    const { buffer: pool, byteOffset } = start;
    for (let round = 0; round < 3; round++) hmacKey.sign(message, 'hex');
    // The inner pad is 64 bytes of 0x11 ^ 0x36.
    const after = Buffer.from(pool, byteOffset);
    expect(after.includes(message)).to.equal(true);
    expect(after.includes(Buffer.alloc(64, 0x11 ^ 0x36))).to.equal(false);
  });

  it('shows nothing of itself', () => {
    expect(inspect(new HmacKey(Buffer.from('secret')))).to.equal('HmacKey {}');
    expect(JSON.stringify(new HmacKey(Buffer.from('secret')))).to.equal('{}');
  });
});
