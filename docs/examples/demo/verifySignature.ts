import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';

const header = (headers: IncomingHttpHeaders, name: string): string => String(headers[name] ?? '');

/** ZITADEL's scheme by hand: `t=<seconds>,v1=<hex of HMAC-SHA256(key, t.body)>`. */
function zitadelSignatureHolds(signingKey: string, headers: IncomingHttpHeaders, body: string): boolean {
  const parts = header(headers, 'zitadel-signature')
    .split(',')
    .map((part) => part.split('='));
  const time = parts.find(([name]) => name === 't')?.[1] ?? '';
  const expected = createHmac('sha256', signingKey).update(`${time}.${body}`).digest();
  return parts
    .filter(([name]) => name === 'v1')
    .map(([, hex]) => Buffer.from(hex ?? '', 'hex'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

/** The Standard Webhooks scheme, by the reference package of that specification. */
function standardWebhooksSignatureHolds(
  signingKey: string,
  headers: IncomingHttpHeaders,
  body: string,
): boolean {
  try {
    new Webhook(signingKey).verify(body, {
      'webhook-id': header(headers, 'webhook-id'),
      'webhook-timestamp': header(headers, 'webhook-timestamp'),
      'webhook-signature': header(headers, 'webhook-signature'),
    });
    return true;
  } catch {
    return false;
  }
}

/** Whether both signatures of a call hold. No code of the library takes part. */
export function signaturesHold(signingKey: string, headers: IncomingHttpHeaders, body: string): boolean {
  return (
    zitadelSignatureHolds(signingKey, headers, body) &&
    standardWebhooksSignatureHolds(signingKey, headers, body)
  );
}
