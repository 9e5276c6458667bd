import { expect } from 'chai';
import fc from 'fast-check';

import { createNetworkPolicy } from '../../src/network/networkPolicy.js';
import { endpointText, ipv4, ipv6 } from './arbitraries.js';
import { isPublicIPv4, isPublicIPv6, naiveIPv4Value, naivelyAllowed } from './naiveEndpoint.js';
import type { Property } from './property.js';

const policy = createNetworkPolicy();

const endpoints: Property = {
  name: 'endpoints are judged as a second, naive judgement judges them',
  runs: 60_000,
  check: async (parameters) =>
    fc.assert(
      fc.property(endpointText, (text) => {
        const { allowed, message } = policy.explain(text, 'default');
        expect(allowed, `${JSON.stringify(text)}: ${message}`).to.equal(naivelyAllowed(text));
        if (!allowed) return;
        const url = new URL(text);
        expect([url.username, url.password, url.hash]).to.deep.equal(['', '', '']);
        expect(text.toLowerCase()).to.contain(`//${policyHost(text)}`);
      }),
      parameters as fc.Parameters<[string]>,
    ),
};

function policyHost(text: string): string {
  const judged = policy.judgeEndpoint(text, 'default');
  if ('refused' in judged) return expect.fail('refused');
  return judged.host.includes(':') ? `[${judged.host}]` : judged.host;
}

const addresses: Property = {
  name: 'addresses are dialled only when a second, naive judgement finds them public',
  runs: 30_000,
  check: async (parameters) =>
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (address) => {
        const refused = policy.judgeAddress(address, 'hook.example', 443, 'default');
        const isAddress = URL.canParse(`http://[${address}]/`) || !address.includes(':');
        const isPublic = isAddress && (address.includes(':') ? isPublicIPv6(address) : isPublicIPv4(address));
        expect(refused === undefined, `${address}: ${refused?.refused ?? 'allowed'}`).to.equal(isPublic);
      }),
      parameters as fc.Parameters<[string]>,
    ),
};

const block = fc.tuple(ipv4, fc.integer({ min: 0, max: 32 })).map(([address, length]) => {
  const size = 2 ** (32 - length);
  const from = Math.floor(naiveIPv4Value(address) / size) * size;
  const text = [24, 16, 8, 0].map((shift) => Math.floor(from / 2 ** shift) % 256).join('.');
  return { text: `${text}/${length}`, from, to: from + size - 1 };
});
const metadata = [
  '169.254.169.254',
  '169.254.169.253',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.42.42',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
];

const policies: Property = {
  name: 'blocks allow and deny exactly the addresses in them',
  runs: 10_000,
  check: async (parameters) =>
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 3 }),
        fc.array(block, { maxLength: 2 }),
        ipv4,
        (allow, deny, address) => {
          const judged = createNetworkPolicy({
            allow: allow.map(({ text }) => text),
            deny: deny.map(({ text }) => text),
          });
          const value = naiveIPv4Value(address);
          const holds = ({ from, to }: { from: number; to: number }) => value >= from && value <= to;
          const isNamed = allow.some(({ text }) => text === `${address}/32`);
          const isLifted = metadata.includes(address) ? isNamed : allow.some(holds);
          const expected = !deny.some(holds) && (isPublicIPv4(address) || isLifted);
          expect(judged.explain(`http://${address}/`, 'default').allowed).to.equal(expected);
        },
      ),
      parameters as never,
    ),
};

export const networkProperties: readonly Property[] = [endpoints, addresses, policies];
