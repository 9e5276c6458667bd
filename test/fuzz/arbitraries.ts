import fc from 'fast-check';
import { anyCharacter } from './anyCharacter.js';

const octet = fc.integer({ min: 0, max: 255 });
const interesting = fc.constantFrom(
  '127.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  '168.63.129.16',
  '100.64.0.1',
  '192.168.1.1',
  '172.31.255.255',
  '172.32.0.0',
  '8.8.8.8',
  '0.0.0.0',
  '255.255.255.255',
  '198.20.0.0',
  '203.0.112.255',
);
export const ipv4 = fc.oneof(
  fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.')),
  interesting,
);

/** An IPv4 address in one of the spellings that some parsers accept. */
const spelledIPv4 = fc
  .tuple(ipv4, fc.constantFrom('plain', 'hex', 'octal', 'whole', 'short', 'dot', 'hexParts', 'zeros'))
  .map(([address, spelling]) => {
    const parts = address.split('.').map(Number);
    const value = parts.reduce((sum, part) => sum * 256 + part, 0);
    switch (spelling) {
      case 'hex':
        return `0x${value.toString(16)}`;
      case 'octal':
        return `0${value.toString(8)}`;
      case 'whole':
        return String(value);
      case 'short':
        return `${parts[0]}.${value % 2 ** 24}`;
      case 'dot':
        return `${address}.`;
      case 'hexParts':
        return parts.map((part) => `0x${part.toString(16)}`).join('.');
      case 'zeros':
        return parts.map((part) => `00${part}`).join('.');
      default:
        return address;
    }
  });

const group = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }),
  fc.constantFrom(
    0,
    0,
    1,
    0xffff,
    0x2001,
    0x2002,
    0x64,
    0xff9b,
    0x7f00,
    0xa9fe,
    0x5efe,
    0x200,
    0x2606,
    0x4700,
    0x3fff,
    0xdb8,
  ),
);
const prefix = fc.constantFrom(
  '::',
  '::ffff:',
  '::ffff:0:',
  '64:ff9b::',
  '64:ff9b:1::',
  '2002:',
  '2001:',
  '2606:4700::5efe:',
  'fd00:',
  'fe80::',
  '2606:4700::',
  '2001:db8::',
  'ff02::',
  '3fff:',
);
export const ipv6 = fc.oneof(
  fc
    .array(group, { minLength: 8, maxLength: 8 })
    .map((groups) => groups.map((part) => part.toString(16)).join(':')),
  fc
    .tuple(
      prefix,
      fc.oneof(
        ipv4,
        group.map((part) => part.toString(16)),
        fc.constant(''),
      ),
    )
    .map((pair) => pair.join('')),
  fc.tuple(group, group, group).map(([a, b, c]) => `${a.toString(16)}:${b.toString(16)}::${c.toString(16)}`),
);

const label = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/),
  fc.constantFrom(
    'localhost',
    'local',
    'internal',
    'metadata',
    'google',
    'example',
    'com',
    'arpa',
    'home',
    'xn--bcher-kva',
    'xn--',
    '123',
    '0x7f',
    'A',
    '-a',
    'a_b',
    '',
  ),
);
const hostName = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));

const host = fc.oneof(
  { weight: 3, arbitrary: hostName },
  { weight: 3, arbitrary: ipv4 },
  { weight: 2, arbitrary: spelledIPv4 },
  { weight: 3, arbitrary: ipv6.map((address) => `[${address}]`) },
  { weight: 1, arbitrary: ipv6 },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
);
const scheme = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('http://', 'https://') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'HTTP://',
      'ftp://',
      'http:/',
      '//',
      'file:///',
      'data:',
      ' http://',
      'http:\\\\',
    ),
  },
);
const userInfo = fc.oneof(
  { weight: 9, arbitrary: fc.constant('') },
  fc.constantFrom('user@', 'user:pass@', '@', 'a.example%40', '127.0.0.1:80@'),
);
const port = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 70_000 }).map((number) => `:${number}`) },
  { weight: 1, arbitrary: fc.constantFrom(':', ':080', ':80:80', ':x', ':-1', ':443', ':80') },
);
const rest = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', '/', '/path', '/a?b=c', '?q', '/%C3%BC', '/../x', '/;a=b') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('#', '/#a', '/ ', '/\\', '/%', '/%zz', '/ü', '/\0', '/\r\nX: y', '/{}', '/"'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }).map((text) => `/${text}`) },
);
const assembled = fc.tuple(scheme, userInfo, host, port, rest).map((parts) => parts.join(''));

/** Texts that look like endpoints, and some that do not. */
export const endpointText = fc.oneof(
  { weight: 12, arbitrary: assembled },
  {
    weight: 3,
    // One character added, removed or changed at any place.
    arbitrary: fc
      .tuple(assembled, fc.nat(), fc.string({ unit: anyCharacter, minLength: 0, maxLength: 1 }), fc.boolean())
      .map(([text, at, character, replaces]) => {
        const index = at % (text.length + 1);
        return text.slice(0, index) + character + text.slice(index + (replaces ? 1 : 0));
      }),
  },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.webUrl({ withFragments: true, withQueryParameters: true }) },
);
