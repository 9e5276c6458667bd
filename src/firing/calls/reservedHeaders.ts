import { InvalidArgumentError } from '../../errors.js';
import { shownName } from '../../lib/reading/shownValue.js';

/** Bytes of all extra headers of a target, names and values. */
const maxExtraHeaderBytes = 8_192;

const reserved = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'expect',
  'upgrade',
  'trailer',
  'te',
  'accept-encoding',
  'zitadel-signature',
  'traceparent',
  'tracestate',
  '__proto__',
]);
const reservedPrefixes = ['proxy-', 'webhook-', 'actions-'];
const token = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}$/;
const printable = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/;

/** Whether only the library sets a header: message framing, signatures, and `actions-*`. */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return reserved.has(lower) || reservedPrefixes.some((prefix) => lower.startsWith(prefix));
}

/**
 * Whether a header can be sent unchanged: its name is a token (RFC 9110), its value printable ASCII without white space
 * around it.
 */
export function isSendableHeader(name: string, value: unknown): value is string {
  return token.test(name) && typeof value === 'string' && printable.test(value);
}

/**
 * Checks the extra headers of a target.
 *
 * @throws {@link InvalidArgumentError} for a reserved or malformed name, a value that is not printable ASCII, a
 *   repeated name, or more than {@link maxExtraHeaderBytes} in all. It names the header and never its value.
 */
export function checkExtraHeaders(headers: Readonly<Record<string, unknown>>): void {
  const seen = new Set<string>();
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    const shown = shownName(name);
    const fail = (problem: string): never => {
      throw new InvalidArgumentError(`header ${shown} ${problem}; nothing was written`, { rule: 'header' });
    };
    if (!token.test(name))
      fail("has a name that is not a token of 1 to 256 letters, digits or !#$%&'*+-.^_`|~");
    if (isReservedHeader(name)) fail('is set by the library and cannot be set for a target');
    if (seen.has(name.toLowerCase())) fail('is there twice');
    if (!isSendableHeader(name, value))
      fail('has a value that is not text of printable ASCII without white space around it');
    seen.add(name.toLowerCase());
    bytes += name.length + String(value).length;
  }
  if (bytes > maxExtraHeaderBytes)
    throw new InvalidArgumentError(
      `the headers of a target take ${bytes} bytes, at most ${maxExtraHeaderBytes} are sent; nothing was written`,
      { rule: 'header' },
    );
}
