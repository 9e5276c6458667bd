import ipaddr from 'ipaddr.js';

import { inNetwork, parseNetwork, widthOf } from './address.js';
import type { Address, Network } from './address.js';

function networks(texts: readonly string[]): readonly Network[] {
  return texts.map((text) => {
    const network = parseNetwork(text);
    if (network === undefined) throw new Error(`not an address block: ${text}`);
    return network;
  });
}

/**
 * Addresses that give out credentials or control the host: AWS, ECS and EKS, Alibaba, Oracle, Azure (whose wire server
 * has an ordinary public address), Scaleway, Google. A wider block does not allow them.
 */
const metadata = networks([
  '169.254.169.254/32',
  '169.254.169.253/32',
  '169.254.170.2/32',
  '169.254.170.23/32',
  '169.254.42.42/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  '168.63.129.16/32',
  'fd00:ec2::254/128',
  'fd00:ec2::253/128',
  'fd00:ec2::23/128',
  'fd20:ce::254/128',
  'fd00:42::42/128',
]);

/** The IANA special-purpose registries (RFC 6890 and its updates), each block with the name of the rule that refuses it. */
const special: readonly (readonly [rule: string, blocks: readonly Network[]])[] = [
  ['unspecified', networks(['0.0.0.0/8', '::/128'])],
  ['loopback', networks(['127.0.0.0/8', '::1/128'])],
  ['private', networks(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10'])],
  ['link-local', networks(['169.254.0.0/16', 'fe80::/10'])],
  ['shared', networks(['100.64.0.0/10'])],
  ['multicast', networks(['224.0.0.0/4', 'ff00::/8'])],
  ['broadcast', networks(['255.255.255.255/32'])],
  [
    'documentation',
    networks(['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20']),
  ],
  ['benchmarking', networks(['198.18.0.0/15', '2001:2::/48'])],
  [
    'reserved',
    networks([
      '192.0.0.0/24',
      '192.31.196.0/24',
      '192.52.193.0/24',
      '192.88.99.0/24',
      '192.175.48.0/24',
      '240.0.0.0/4',
      '2001::/23',
      '2620:4f:8000::/48',
    ]),
  ],
];

const globalUnicastIPv6 = networks(['2000::/3']);

/** The rule that refuses this address; `undefined` for a public unicast address. */
export function addressRule(address: Address): string | undefined {
  for (const [rule, blocks] of special) {
    if (blocks.some((block) => inNetwork(address, block))) return rule;
  }
  if (address.kind() === 'ipv6' && !globalUnicastIPv6.some((block) => inNetwork(address, block)))
    return 'reserved';
  return undefined;
}

export function isMetadataAddress(address: Address): boolean {
  return metadata.some((block) => inNetwork(address, block));
}

/** An IPv6 prefix that embeds IPv4 addresses, and where they stand in it. */
interface Embedding {
  readonly prefix: number;
  readonly addresses: readonly ipaddr.IPv4[];
}

const tail = [12, 13, 14, 15];

/**
 * The prefixes that embed IPv4, each with the positions of the embedded bytes. RFC 4291, 7915, 6052, 8215, 3056, 4380,
 * 5214.
 */
const embeddings: readonly (readonly [block: Network, places: readonly (readonly number[])[]])[] = [
  [networks(['::/96'])[0] as Network, [tail]],
  [networks(['::ffff:0:0/96'])[0] as Network, [tail]],
  [networks(['::ffff:0:0:0/96'])[0] as Network, [tail]],
  [networks(['64:ff9b::/96'])[0] as Network, [tail]],
  [networks(['64:ff9b:1::/48'])[0] as Network, [tail, [6, 7, 9, 10]]],
  [networks(['2002::/16'])[0] as Network, [[2, 3, 4, 5]]],
  [networks(['2001::/32'])[0] as Network, [[4, 5, 6, 7]]],
];

/** The IPv4 addresses that an IPv6 address embeds; `undefined` for none (`::` and `::1` have their own rules). */
export function embeddedIPv4(address: Address): Embedding | undefined {
  if (address.kind() === 'ipv4') return undefined;
  const bytes = address.toByteArray();
  const at = (places: readonly number[], mask = 0) =>
    new ipaddr.IPv4(places.map((place) => (bytes[place] ?? 0) ^ mask));
  const found = embeddings.find(([block]) => inNetwork(address, block));
  if (found !== undefined) {
    if (bytes.slice(0, 15).every((byte) => byte === 0) && (bytes[15] ?? 0) <= 1) return undefined;
    const [[first, prefix], places] = found;
    const teredoClient = first.toByteArray()[0] === 0x20 && prefix === 32 ? [at(tail, 0xff)] : [];
    return { prefix, addresses: [...places.map((place) => at(place)), ...teredoClient] };
  }
  const isISATAP =
    (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
  return isISATAP ? { prefix: widthOf(address) - 32, addresses: [at(tail)] } : undefined;
}
