import { Readable } from 'node:stream';
import { createReceiver } from '../../../../src/receiver/receiver.js';
import { readRawBody } from '../../../../src/receiver/decoding/rawBody.js';
import { drawKey, now, requestBody, signedCall } from '../../../receiver/support.js';
import type { GrowingInput, GrowingInputs } from '../growing.js';

const key = drawKey();
const receiver = createReceiver({ signingKeys: [key], now: () => now });
const one = new Uint8Array(1);

const pieces: GrowingInput = {
  n: 200_000,
  prepare: (n) => () =>
    readRawBody(
      Readable.from(
        (function* () {
          for (let sent = 0; sent < n; sent += 1) yield one;
        })(),
        { objectMode: true },
      ),
      8 * 1_048_576,
    ),
};

const signature = (valueOf: (n: number) => string): GrowingInput => ({
  n: 100_000,
  prepare(n) {
    const { headers, body } = signedCall([key], requestBody);
    const call = { headers: { ...headers, 'webhook-signature': valueOf(n) }, body };
    return () => receiver.read(call);
  },
});

const body = (textOf: (n: number) => string): GrowingInput => ({
  n: 300_000,
  prepare(n) {
    const call = signedCall([key], textOf(n));
    return () => receiver.read(call);
  },
});

export const inputs: GrowingInputs = {
  'a body of pieces of one byte': pieces,
  'many signatures': signature((n) => 'v1,AAAA '.repeat(n)),
  'signatures of commas': signature((n) => ','.repeat(n)),
  'signatures apart by blanks': signature((n) => `v1${' '.repeat(n)},A`),
  'a version of digits': signature((n) => `v${'1'.repeat(n)}!,A`),
  'a body of dots': body((n) => '.'.repeat(n)),
  'a body that might be a JWT': body((n) => `${'e'.repeat(n)}.${'y'.repeat(n)}`),
  'a body of open brackets': body((n) => '{"fullMethod":'.repeat(n)),
};
