import { sign } from 'node:crypto';

import { InvalidArgumentError } from '../errors.js';
import type { PreparedSigningKey } from './signingKey.js';
import { shownValue } from '../lib/reading/shownValue.js';

interface SignedCall {
  /** `webhook-id`: the same for every attempt; letters, digits, `_` and `-` only, so that it holds no dot. */
  readonly id: string;
  /** Time of the attempt. Whole seconds since the Unix epoch. */
  readonly timestampSeconds: number;
  /** The final bytes; a string is signed as UTF-8. */
  readonly body: string | Uint8Array;
}

/** The four headers that sign a call. */
interface SignatureHeaders {
  readonly 'zitadel-signature': string;
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

const dotless = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * Signs one attempt with every given key (two while a key is rotated), one signature for each scheme: ZITADEL's
 * `t=<unix s>,v1=<hex>` over `t.body`, and Standard Webhooks 1.0.0 `v1,<base64>` over `id.t.body`, with `v1a` for an
 * ed25519 key.
 *
 * @throws {@link InvalidArgumentError} without an HMAC key, since a call is never sent unsigned, and for an id or a
 *   timestamp that receivers could not read back
 */
export function signatureHeaders(keys: readonly PreparedSigningKey[], call: SignedCall): SignatureHeaders {
  const { id, timestampSeconds } = call;
  if (!dotless.test(id))
    throw new InvalidArgumentError(
      `a webhook id has to be 1 to 128 of A-Z a-z 0-9 _ -, not ${shownValue(id)}; nothing was signed`,
    );
  if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 0)
    throw new InvalidArgumentError(
      `a signature needs its time in whole seconds since the Unix epoch, not ${shownValue(timestampSeconds)}; nothing was signed`,
    );

  const timestamp = String(timestampSeconds);
  const signed = signedBytes(`${id}.${timestamp}.`, call.body);
  // ZITADEL signs a suffix of the text that Standard Webhooks signs: the body is encoded once for both.
  const withoutID = signed.subarray(id.length + 1);

  let zitadel = `t=${timestamp}`;
  let standard = '';
  let hmacKeys = 0;
  for (const key of keys) {
    const separator = standard === '' ? '' : ' ';
    if (key.kind === 'hmac') {
      hmacKeys += 1;
      zitadel += `,v1=${key.text.sign(withoutID, 'hex')}`;
      standard += `${separator}v1,${key.bytes.sign(signed, 'base64')}`;
    } else {
      standard += `${separator}v1a,${sign(null, signed, key.privateKey).toString('base64')}`;
    }
  }
  if (hmacKeys === 0)
    throw new InvalidArgumentError('a call needs at least one whsec_ key to be signed with');
  return {
    'zitadel-signature': zitadel,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': standard,
  };
}

function signedBytes(prefix: string, body: string | Uint8Array): Buffer {
  return typeof body === 'string' ? Buffer.from(prefix + body) : Buffer.concat([Buffer.from(prefix), body]);
}
