import { createHmac, timingSafeEqual, type BinaryLike } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const header = (headers: IncomingHttpHeaders, name: string): string => String(headers[name] ?? '');

/** Whether one of the received codes is the HMAC-SHA256 of this content. */
function isCodeOf(content: string, key: BinaryLike, codes: readonly Buffer[]): boolean {
  const expected = createHmac('sha256', key).update(content).digest();
  return codes.some((code) => code.length === expected.length && timingSafeEqual(code, expected));
}

/** ZITADEL's scheme: `t=<seconds>,v1=<hex>`, made with the text of the key. */
function zitadelSignatureHolds(signingKey: string, headers: IncomingHttpHeaders, body: string): boolean {
  const parts = header(headers, 'zitadel-signature')
    .split(',')
    .map((part) => part.split('='));
  const time = parts.find(([name]) => name === 't')?.[1] ?? '';
  const codes = parts.filter(([name]) => name === 'v1').map(([, hex]) => Buffer.from(hex ?? '', 'hex'));
  return isCodeOf(`${time}.${body}`, signingKey, codes);
}

/** The scheme of Standard Webhooks: `v1,<base64>`, made with the bytes of the key. */
function standardWebhooksSignatureHolds(
  signingKey: string,
  headers: IncomingHttpHeaders,
  body: string,
): boolean {
  const codes = header(headers, 'webhook-signature')
    .split(' ')
    .map((part) => part.split(','))
    .filter(([version]) => version === 'v1')
    .map(([, base64]) => Buffer.from(base64 ?? '', 'base64'));
  const content = `${header(headers, 'webhook-id')}.${header(headers, 'webhook-timestamp')}.${body}`;
  return isCodeOf(content, Buffer.from(signingKey.replace(/^whsec_/, ''), 'base64'), codes);
}

/** Whether both signatures of a call verify. Uses no code of the library. */
export function signaturesHold(signingKey: string, headers: IncomingHttpHeaders, body: string): boolean {
  return (
    zitadelSignatureHolds(signingKey, headers, body) &&
    standardWebhooksSignatureHolds(signingKey, headers, body)
  );
}
