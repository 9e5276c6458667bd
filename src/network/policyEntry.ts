import { InvalidArgumentError } from '../errors.js';
import { inNetwork, onlyAddress, parseAddress, parseNetwork, widthOf } from './address.js';
import type { Address, Network } from './address.js';
import { isHostName, looksNumeric } from './hostName.js';
import { shownValue } from '../lib/reading/shownValue.js';

/** One entry of `allow` or `deny`. An entry without a port covers every port. */
export interface PolicyEntry {
  readonly text: string;
  readonly port: number | undefined;
  readonly covers:
    | { readonly kind: 'network'; readonly network: Network }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'suffix'; readonly suffix: string };
}

const withPort = /^(\[[^\]]*\]|[^:[\]]*):([1-9]\d{0,4})$/;
const forms =
  "an address ('10.0.0.5'), a block ('10.0.0.0/8'), a host ('policy.example'), a suffix ('*.policy.example'), or one of them but a block with a port ('policy.example:8443', '[fd00::5]:8443')";

/** @throws {@link InvalidArgumentError} for a text that has none of the forms above; it does not guess */
export function parsePolicyEntry(list: 'allow' | 'deny', text: unknown): PolicyEntry {
  const entry = typeof text === 'string' ? readEntry(text) : undefined;
  if (entry === undefined) {
    throw new InvalidArgumentError(
      `network.${list} has an entry that is not understood: ${shown(text)}; nothing was called or written: write ${forms}`,
      { rule: 'policy-entry' },
    );
  }
  return entry;
}

function readEntry(text: string): PolicyEntry | undefined {
  if (text.length > 300) return undefined;
  if (text.includes('/')) {
    const network = parseNetwork(text);
    return network && { text, port: undefined, covers: { kind: 'network', network } };
  }
  const parts = withPort.exec(text);
  const port = parts === null ? undefined : Number(parts[2]);
  if (port !== undefined && port > 65_535) return undefined;
  const host = parts?.[1] ?? text;
  const covers = readHost(host);
  return covers && { text, port, covers };
}

function readHost(text: string): PolicyEntry['covers'] | undefined {
  const bracketed = /^\[(.*)\]$/.exec(text)?.[1];
  const address = parseAddress(bracketed ?? text);
  if (address !== undefined)
    return bracketed !== undefined && address.kind() === 'ipv4'
      ? undefined
      : { kind: 'network', network: onlyAddress(address) };
  const name = text.toLowerCase();
  const base = name.startsWith('*.') ? name.slice(2) : name;
  if (!isHostName(base) || looksNumeric(base)) return undefined;
  return base === name ? { kind: 'name', name } : { kind: 'suffix', suffix: `.${base}` };
}

/** Does not repeat the entry, which may hold user info or a query: users paste whole URLs here. */
function shown(text: unknown): string {
  if (typeof text !== 'string') return `a value of type ${typeof text}`;
  if (/[@?#]/.test(text)) return 'one with @, ? or #';
  return shownValue(text);
}

export function coversName({ covers }: PolicyEntry, name: string): boolean {
  if (covers.kind === 'name') return covers.name === name;
  return covers.kind === 'suffix' && name.length > covers.suffix.length && name.endsWith(covers.suffix);
}

export function coversAddress({ covers }: PolicyEntry, address: Address): boolean {
  return covers.kind === 'network' && inNetwork(address, covers.network);
}

/** Whether the entry names exactly this address. */
export function namesAddress(entry: PolicyEntry, address: Address): boolean {
  return (
    entry.covers.kind === 'network' &&
    entry.covers.network[1] === widthOf(address) &&
    coversAddress(entry, address)
  );
}

/** Whether the entry names exactly this host. */
export function namesHost({ covers }: PolicyEntry, name: string): boolean {
  return covers.kind === 'name' && covers.name === name;
}

export function onPort(entry: PolicyEntry, port: number): boolean {
  return entry.port === undefined || entry.port === port;
}
