import { createHmac, timingSafeEqual, verify } from 'node:crypto';

import { InvalidSignatureError } from '../../errors.js';
import { decodeBase64 } from '../../signing/signingKey.js';
import { checkTimestamp, mismatch, mostSignatures, type SignatureCheck } from './signatureCheck.js';

interface StandardHeaders {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string;
}

interface Signature {
  readonly version: string;
  readonly bytes: Buffer | undefined;
}

/**
 * Checks the three headers of Standard Webhooks 1.0.0: `v1` (HMAC-SHA256) and `v1a` (ed25519) over `id.timestamp.body`.
 * Later versions, and `v1` or `v1a` without a key for it, are skipped.
 *
 * @returns whether any signature was checked
 * @throws {@link InvalidSignatureError} where signatures were checked, and none verifies
 */
export function verifyStandardSignature(
  { id, timestamp, signature }: StandardHeaders,
  check: SignatureCheck,
): boolean {
  const judged = parse(signature).filter(({ version }) => isKnown(version, check));
  if (judged.length === 0) return false;
  if (id === undefined || id === '' || id.includes('.'))
    throw malformed('webhook-id is missing, or holds a dot');
  if (timestamp === undefined) throw malformed('webhook-timestamp is missing');
  if (judged.length > mostSignatures) throw malformed(`it holds more than ${mostSignatures} signatures`);
  checkTimestamp(timestamp, 'webhook-timestamp', check);

  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), check.body]);
  const of = (wanted: string): Buffer[] =>
    judged.flatMap(({ version, bytes }) => (version === wanted && bytes !== undefined ? [bytes] : []));
  const hmacs = of('v1').filter(({ length }) => length === 32);
  const verified =
    check.keys.bytes.some((key) => {
      const expected = createHmac('sha256', key).update(signed).digest();
      return hmacs.some((bytes) => timingSafeEqual(bytes, expected));
    }) || check.keys.ed25519.some((key) => of('v1a').some((bytes) => verify(null, signed, key, bytes)));
  if (!verified) throw mismatch('webhook-signature');
  return true;
}

/** Entries are separated by a space; by a comma and a space from Supabase, and from HTTP where a header came twice. */
function parse(header: string): readonly Signature[] {
  const entries = header.split(/[ \t]+/).filter((entry) => entry !== '' && entry !== ',');
  return entries.map((entry) => {
    const [, version = '', text = ''] = /^([^,]*),(.*?),?$/.exec(entry) ?? [];
    return { version, bytes: decodeBase64(text) };
  });
}

/** An entry without a version is checked, and fails; an entry of a future version is skipped. */
function isKnown(version: string, { keys }: SignatureCheck): boolean {
  if (version === 'v1') return keys.bytes.length > 0;
  if (version === 'v1a') return keys.ed25519.length > 0;
  return !/^v\d+[a-z]*$/.test(version);
}

const malformed = (why: string): InvalidSignatureError =>
  new InvalidSignatureError('malformed', `webhook-signature cannot be judged: ${why}`);
