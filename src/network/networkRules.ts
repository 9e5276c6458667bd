import { InvalidArgumentError } from '../errors.js';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { reading } from '../lib/reading/reading.js';
import { parseAddress } from './address.js';
import type { Address } from './address.js';
import { addressRule, embeddedIPv4, isMetadataAddress } from './addressRule.js';
import { isRefusal, parseEndpoint, refusal } from './endpoint.js';
import type { Endpoint, Refusal } from './endpoint.js';
import { nameRule } from './hostName.js';
import type { Connect, NameLookup, NetworkPolicyOptions } from './networkPolicyOptions.js';
import {
  coversAddress,
  coversName,
  namesAddress,
  namesHost,
  onPort,
  parsePolicyEntry,
} from './policyEntry.js';
import type { PolicyEntry } from './policyEntry.js';
import { isCallable, shownType } from '../lib/reading/shownValue.js';

const optionNames: OptionNames<NetworkPolicyOptions> = {
  allow: true,
  deny: true,
  httpsOnly: true,
  lookup: true,
  connect: true,
};

/** The endpoint that an address is dialled for. */
interface Place {
  readonly host: string;
  readonly port: number;
  /** Host and port, as they are shown. */
  readonly at: string;
}

/**
 * One network policy, parsed once. Judging has no effects: it neither resolves nor dials, so that the same judgement
 * serves when a target is saved, when it is dialled, and when an operator asks.
 */
export class NetworkRules {
  readonly httpsOnly: boolean;
  readonly lookup: NameLookup | undefined;
  readonly connect: Connect | undefined;
  readonly #allow: readonly PolicyEntry[];
  readonly #deny: readonly PolicyEntry[];
  /** Judgements by parsed endpoint; `false` for an endpoint that may be called. */
  readonly #judged = new WeakMap<Endpoint, Refusal | false>();

  /** @throws {@link InvalidArgumentError} for an unknown option or a malformed entry */
  constructor(given: NetworkPolicyOptions) {
    const options = takeOptions(given);
    this.#allow = options.allow.map((entry) => parsePolicyEntry('allow', entry));
    this.#deny = options.deny.map((entry) => parsePolicyEntry('deny', entry));
    this.httpsOnly = options.httpsOnly ?? false;
    this.lookup = options.lookup;
    this.connect = options.connect;
  }

  /** Judges the text of an endpoint: its syntax, and then as {@link NetworkRules.judge}. */
  judgeEndpoint(raw: string): Endpoint | Refusal {
    const endpoint = parseEndpoint(raw);
    return isRefusal(endpoint) ? endpoint : (this.judge(endpoint) ?? endpoint);
  }

  /**
   * Judges the scheme, the port, and the host as far as its text tells its address; `undefined` where the endpoint may
   * be called. The judgement is cached, so that a call does not pay for it.
   */
  judge(endpoint: Endpoint): Refusal | undefined {
    const known = this.#judged.get(endpoint);
    if (known !== undefined) return known || undefined;
    const refused = this.#judge(endpoint);
    this.#judged.set(endpoint, refused ?? false);
    return refused;
  }

  #judge(endpoint: Endpoint): Refusal | undefined {
    const { origin, scheme, host, port, address } = endpoint;
    if (this.httpsOnly && scheme !== 'https')
      return refusal('https-only', `${origin} is refused: this network policy allows https only`);
    const openedPort = this.#allow.some(
      (entry) => entry.port === port && this.#coversHost(entry, host, address),
    );
    if (!openedPort && port !== 80 && port !== 443 && port < 1_024)
      return refusal(
        'port',
        `${origin} is refused: port ${port} is neither 80, 443 nor 1024 and above; open it with network.allow '<host>:${port}'`,
      );
    return address === undefined ? this.#judgeName(endpoint) : this.judgeAddress(address, host, port);
  }

  #coversHost(entry: PolicyEntry, host: string, address: Address | undefined): boolean {
    return address === undefined ? coversName(entry, host) : coversAddress(entry, address);
  }

  #judgeName({ host, port, origin }: Endpoint): Refusal | undefined {
    const denied = this.#deny.find((entry) => onPort(entry, port) && coversName(entry, host));
    if (denied !== undefined) return refusal('deny', `${origin} is refused by network.deny '${denied.text}'`);
    const rule = nameRule(host);
    if (rule === undefined) return undefined;
    const names = rule === 'metadata' ? namesHost : coversName;
    if (this.#allow.some((entry) => onPort(entry, port) && names(entry, host))) return undefined;
    return refusal(rule, `${origin} is refused: ${reasonOfRule(rule)}; open it with network.allow '${host}'`);
  }

  /** Judges an address that is about to be dialled for `host`. For a literal address, `host` is the address. */
  judgeAddress(address: Address | string, host: string, port: number): Refusal | undefined {
    const parsed = typeof address === 'string' ? parseAddress(address) : address;
    const place = { host, port, at: `${host.includes(':') ? `[${host}]` : host}:${port}` };
    if (parsed === undefined)
      return refusal(
        'address',
        `${place.at} is refused: the resolver answered something that is not an address`,
      );
    return this.#judgeParsed(parsed, place);
  }

  #judgeParsed(address: Address, place: Place): Refusal | undefined {
    const { host, port, at } = place;
    const denied = this.#deny.find((entry) => onPort(entry, port) && coversAddress(entry, address));
    if (denied !== undefined) return refusal('deny', `${at} is refused by network.deny '${denied.text}'`);
    const allow = this.#allow.filter((entry) => onPort(entry, port));
    const isExact = allow.some((entry) => namesAddress(entry, address));
    if (isMetadataAddress(address)) {
      const isNamed = nameRule(host) === 'metadata' && allow.some((entry) => namesHost(entry, host));
      return isExact || isNamed
        ? undefined
        : refusal('metadata', `${at} is refused: ${reasonOfRule('metadata')}`);
    }
    const embedding = embeddedIPv4(address);
    if (embedding !== undefined) {
      const isOpened = allow.some(
        (entry) =>
          coversAddress(entry, address) &&
          entry.covers.kind === 'network' &&
          entry.covers.network[1] >= embedding.prefix,
      );
      if (!isOpened) return refusal('embedded-ipv4', `${at} is refused: ${reasonOfRule('embedded-ipv4')}`);
      return firstRefusal(embedding.addresses, (inner) =>
        this.#judgeParsed(inner, { ...place, host: inner.toString() }),
      );
    }
    const rule = addressRule(address);
    if (rule === undefined) return undefined;
    if (allow.some((entry) => coversAddress(entry, address) || coversName(entry, host))) return undefined;
    return refusal(rule, `${at} is refused: ${reasonOfRule(rule)}; open it with network.allow '${host}'`);
  }
}

function firstRefusal<T>(
  values: readonly T[],
  judge: (value: T) => Refusal | undefined,
): Refusal | undefined {
  for (const value of values) {
    const refused = judge(value);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function reasonOfRule(rule: string): string {
  if (rule === 'metadata')
    return 'it hands out credentials of the host, and is opened only by an entry that names it alone';
  if (rule === 'local-name') return 'the name leads to this machine or this network';
  if (rule === 'embedded-ipv4') return 'it is an IPv6 address that stands for an IPv4 one';
  return `it is or leads to an address that is not public (rule ${rule})`;
}

const refuse = (message: string): never => {
  throw new InvalidArgumentError(`${message}; nothing was called or written`, { rule: 'policy-option' });
};

/** The options, each read once. */
function takeOptions(given: NetworkPolicyOptions) {
  if (typeof given !== 'object' || (given as unknown) === null)
    return refuse(
      `network is an object { allow, deny, httpsOnly, lookup, connect } or a function that returns one for an instance, not ${shownType(given)}`,
    );
  const { allow, deny, httpsOnly, lookup, connect } = read(given);
  if (httpsOnly !== undefined && typeof httpsOnly !== 'boolean')
    refuse(`network.httpsOnly is true or false, not ${shownType(httpsOnly)}`);
  for (const [name, replacement] of Object.entries({ lookup, connect }))
    if (replacement !== undefined && !isCallable(replacement))
      refuse(`network.${name} is a function, not ${shownType(replacement)}`);
  return { allow: takeEntries('allow', allow), deny: takeEntries('deny', deny), httpsOnly, lookup, connect };
}

function read(given: NetworkPolicyOptions): NetworkPolicyOptions {
  try {
    return readOptions(given, optionNames, 'network');
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'network cannot be read');
  }
}

function takeEntries(name: string, list: readonly string[] = []): readonly string[] {
  const entries = reading(`network.${name}`, () =>
    Array.isArray(list) ? Array.from(list as readonly string[]) : undefined,
  );
  return entries ?? refuse(`network.${name} is a list of entries, not ${shownType(list)}`);
}
