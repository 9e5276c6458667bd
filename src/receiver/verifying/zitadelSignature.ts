import { createHmac, timingSafeEqual } from 'node:crypto';

import { InvalidSignatureError } from '../../errors.js';
import { checkTimestamp, mismatch, mostSignatures, type SignatureCheck } from './signatureCheck.js';

/**
 * Checks `t=<unix s>,v1=<hex>[,v1=<hex>]`, ZITADEL's scheme: HMAC-SHA256 over `t.body`. Unknown fields are skipped;
 * unlike ZITADEL's own verifier it also refuses a time in the future.
 *
 * @returns whether it was checked: `false` without a key for it
 * @throws {@link InvalidSignatureError} where it does not verify
 */
export function verifyZitadelSignature(header: string, check: SignatureCheck): boolean {
  if (check.keys.text.length === 0) return false;
  const { timestamp, signatures } = parse(header);
  checkTimestamp(timestamp, 'zitadel-signature', check);
  const verified = check.keys.text.some((key) => {
    const expected = createHmac('sha256', key).update(`${timestamp}.`).update(check.body).digest();
    return signatures.some((signature) => timingSafeEqual(signature, expected));
  });
  if (!verified) throw mismatch('zitadel-signature');
  return true;
}

function parse(header: string): { readonly timestamp: string; readonly signatures: readonly Buffer[] } {
  const times: string[] = [];
  const signatures: Buffer[] = [];
  for (const pair of header.split(',')) {
    const [name = '', value, ...more] = pair.trim().split('=');
    if (value === undefined || more.length > 0) throw malformed('a part is not name=value');
    if (name === 't') times.push(value);
    if (name === 'v1' && /^[0-9a-fA-F]{64}$/.test(value)) signatures.push(Buffer.from(value, 'hex'));
  }
  const [timestamp] = times;
  if (timestamp === undefined || times.length > 1) throw malformed('it needs exactly one t');
  if (signatures.length > mostSignatures) throw malformed(`it holds more than ${mostSignatures} signatures`);
  return { timestamp, signatures };
}

const malformed = (why: string): InvalidSignatureError =>
  new InvalidSignatureError('malformed', `zitadel-signature cannot be read: ${why}`);
