import { isIPv4, isIPv6 } from 'node:net';

/**
 * A second judgement of endpoints under the default policy, made another way on purpose: text rules as one pattern,
 * addresses as whole numbers in ranges. It shares no code and no table with the library.
 */
export function naivelyAllowed(raw: string): boolean {
  if (raw.length === 0 || raw.length > 2_048) return false;
  const parts =
    /^(https?):\/\/(?:(\[[0-9A-Fa-f:.]+\])|([A-Za-z0-9.-]+))(?::([1-9][0-9]{0,4}))?((?:[/?](?:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?)$/.exec(
      raw,
    );
  if (parts === null) return false;
  const [, scheme, bracketed, plain, portText] = parts;
  const port = portText === undefined ? (scheme === 'https' ? 443 : 80) : Number(portText);
  if (port > 65_535 || (port < 1_024 && port !== 80 && port !== 443)) return false;
  if (bracketed !== undefined) return isIPv6(bracketed.slice(1, -1)) && isPublicIPv6(bracketed.slice(1, -1));
  const host = (plain ?? '').toLowerCase();
  return isIPv4(host) ? isPublicIPv4(host) : isPublicName(host) && URL.canParse(raw);
}

export function naiveIPv4Value(address: string): number {
  return address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
}

const ipv4Ranges = (
  [
    ['0.0.0.0', '0.255.255.255'],
    ['10.0.0.0', '10.255.255.255'],
    ['100.64.0.0', '100.127.255.255'],
    ['127.0.0.0', '127.255.255.255'],
    ['168.63.129.16', '168.63.129.16'],
    ['169.254.0.0', '169.254.255.255'],
    ['172.16.0.0', '172.31.255.255'],
    ['192.0.0.0', '192.0.0.255'],
    ['192.0.2.0', '192.0.2.255'],
    ['192.31.196.0', '192.31.196.255'],
    ['192.52.193.0', '192.52.193.255'],
    ['192.88.99.0', '192.88.99.255'],
    ['192.168.0.0', '192.168.255.255'],
    ['192.175.48.0', '192.175.48.255'],
    ['198.18.0.0', '198.19.255.255'],
    ['198.51.100.0', '198.51.100.255'],
    ['203.0.113.0', '203.0.113.255'],
    ['224.0.0.0', '255.255.255.255'],
  ] as const
).map(([from, to]) => [naiveIPv4Value(from), naiveIPv4Value(to)] as const);

export function isPublicIPv4(address: string): boolean {
  const value = naiveIPv4Value(address);
  return !ipv4Ranges.some(([from, to]) => value >= from && value <= to);
}

/** The 128 bits of an IPv6 address as text of 32 hexadecimal digits. */
function naiveIPv6Digits(address: string): string {
  const dotted = /(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  const value = dotted === undefined ? 0 : naiveIPv4Value(dotted);
  const text =
    dotted === undefined
      ? address
      : `${address.slice(0, -dotted.length) + Math.floor(value / 65_536).toString(16)}:${(
          value % 65_536
        ).toString(16)}`;
  const [before = '', after] = text.split('::');
  const groups = (side: string) => (side === '' ? [] : side.split(':'));
  const left = groups(before);
  const right = groups(after ?? '');
  const missing = after === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: missing }, () => '0'), ...right]
    .map((group) => group.padStart(4, '0'))
    .join('')
    .toLowerCase();
}

/** Prefixes of addresses inside 2000::/3 that are not public: in hexadecimal digits, by hand. */
const refusedBeginnings = [
  /^200100/,
  /^200101/,
  /^20010db8/,
  /^2002/,
  /^3fff0/,
  /^2620004f8000/,
  /^.{16}0[02]005efe/,
];

export function isPublicIPv6(address: string): boolean {
  const digits = naiveIPv6Digits(address);
  return /^[23]/.test(digits) && !refusedBeginnings.some((beginning) => beginning.test(digits));
}

function isPublicName(name: string): boolean {
  const labels = name.split('.');
  if (name.length > 253 || labels.length < 2) return false;
  if (!labels.every((label) => /^[a-z0-9-]{1,63}$/.test(label) && !/^-|-$/.test(label))) return false;
  const [last = '', secondLast = ''] = labels.reverse();
  if (/^(0x[0-9a-f]*|[0-9]+)$/.test(last)) return false;
  if (['localhost', 'local', 'internal', 'localdomain', 'lan', 'intranet', 'corp', 'home'].includes(last))
    return false;
  if (last === 'arpa' && secondLast === 'home' && labels.length > 2) return false;
  return name !== 'metadata.goog' && name !== 'metadata.tencentyun.com';
}
