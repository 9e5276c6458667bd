import { expect } from 'chai';
import { Readable } from 'node:stream';
import { runInNewContext } from 'node:vm';

import { createReceiver } from '../../src/receiver/receiver.js';
import { drawKey, now, reasonOf, refusal, requestBody, signedCall } from './support.js';

const key = drawKey();
const receiver = createReceiver({ signingKeys: [key], now: () => now });
const { headers } = signedCall([key], requestBody);
const bytes = Buffer.from(requestBody);

async function* toAsync<Value>(values: Iterable<Value>): AsyncGenerator<Value> {
  for (const value of values) yield await Promise.resolve(value);
}

describe('receiver body', () => {
  it('may be a stream, cut anywhere', async () => {
    for (const size of [1, 7, 1_000]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(await receiver.read({ headers, body: Readable.from(chunks) })).to.have.property(
        'kind',
        'request',
      );
    }
    const web = new Blob([bytes]).stream();
    expect(await receiver.read({ headers, body: web })).to.have.property('kind', 'request');
  });

  it('is refused when it was parsed before, and no longer has the signed bytes', async () => {
    const stream = Readable.from([bytes]);
    for await (const chunk of stream) expect(chunk).to.equal(bytes);
    expect(await reasonOf(receiver, { headers, body: stream })).to.equal('mismatch');
  });

  it('is read up to its limit, and the stream is closed', async () => {
    let produced = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          produced += 1;
          yield Buffer.alloc(65_536);
        }
      })(),
    );
    expect((await refusal(receiver, { headers, body: endless })).message).to.contain('4194304 bytes');
    expect(endless.destroyed).to.equal(true);
    expect(produced).to.be.below(200);
    expect(await reasonOf(receiver, { headers, body: Buffer.alloc(4_194_305) })).to.equal('INVALID_ARGUMENT');
    expect(await reasonOf(receiver, { headers, body: Buffer.alloc(4_194_304) })).to.equal('mismatch');
  });

  it('is refused when it breaks off', async () => {
    const broken = Readable.from(
      (function* () {
        yield bytes.subarray(0, 10);
        throw new Error('aborted');
      })(),
    );
    expect((await refusal(receiver, { headers, body: broken })).message).to.contain(
      'ended before it was complete',
    );
  });

  it('may be any view of bytes, or an ArrayBuffer, also of another realm', async () => {
    const buffer = new Uint8Array(bytes).buffer;
    const foreign = runInNewContext('(bytes) => Uint8Array.from(bytes)') as (given: Buffer) => Uint8Array;
    for (const body of [
      buffer,
      new DataView(buffer),
      new Uint8Array(buffer),
      foreign(bytes),
      foreign(bytes).buffer,
    ])
      expect(await receiver.read({ headers, body })).to.have.property('kind', 'request');
    expect(await receiver.read({ headers, body: Readable.from([new DataView(buffer)]) })).to.have.property(
      'kind',
      'request',
    );
  });

  it('in chunks of one byte keeps no chunk', async () => {
    const large = JSON.stringify({ ...(JSON.parse(requestBody) as object), filler: 'x'.repeat(200_000) });
    const signed = signedCall([key], large);
    const whole = Buffer.from(large);
    // Each chunk is the same object: a reader that kept the chunks would find the last byte in all of them.
    const reused = Buffer.alloc(1);
    const chunks = function* () {
      yield whole.subarray(0, 1);
      for (const byte of whole.subarray(1)) {
        reused[0] = byte;
        yield reused;
      }
    };
    const body = toAsync(chunks());
    expect(await receiver.read({ headers: signed.headers, body })).to.have.property('kind', 'request');
  });

  it('of parsed objects is refused', async () => {
    const objects = Readable.from([{ parsed: true }]);
    expect((await refusal(receiver, { headers, body: objects })).message).to.contain('express.raw');
  });
});
