import { decodePunycode } from './punycode.js';

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const numericLabel = /^(?:\d+|0x[0-9a-f]*)$/;

/**
 * Whether a lower-case text is a host name: LDH labels of at most 63 characters, 253 in all, no trailing dot (RFC
 * 1123). A label that starts with `xn--` has to encode a text beyond ASCII (RFC 5890): versions of Node read other such
 * labels differently.
 */
export function isHostName(text: string): boolean {
  return text.length <= 253 && text.split('.').every(isLabel);
}

const isLabel = (text: string): boolean =>
  label.test(text) && (!text.startsWith('xn--') || decodePunycode(text.slice(4)) !== undefined);

/** Whether URL parsers would read the host as an IPv4 address: its last label is a number in some base (WHATWG URL). */
export function looksNumeric(host: string): boolean {
  const labels = host.split('.');
  const last = labels.at(-1) === '' ? labels.at(-2) : labels.at(-1);
  return last !== undefined && numericLabel.test(last);
}

/** Names that lead to this machine or this network: RFC 6761, RFC 6762, RFC 8375, and `.internal`, which ICANN reserved. */
const localSuffixes = [
  'localhost',
  'local',
  'internal',
  'localdomain',
  'home.arpa',
  'lan',
  'intranet',
  'corp',
  'home',
];

const metadataNames = [
  'metadata.google.internal',
  'metadata.goog',
  'metadata',
  'instance-data',
  'metadata.tencentyun.com',
  'instance-data.ec2.internal',
];

/** The rule that refuses a name before it is resolved. */
export function nameRule(name: string): 'local-name' | 'metadata' | undefined {
  if (metadataNames.includes(name)) return 'metadata';
  if (!name.includes('.')) return 'local-name';
  return localSuffixes.some((suffix) => name.endsWith(`.${suffix}`)) ? 'local-name' : undefined;
}
