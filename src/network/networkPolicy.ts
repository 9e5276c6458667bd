import { InvalidArgumentError } from '../errors.js';
import type { Address } from './address.js';
import { requireFunction } from '../lib/reading/reading.js';
import { shownName } from '../lib/reading/shownValue.js';
import { forgetOldest } from '../lib/forgetOldest.js';
import { isRefusal, type Endpoint, type Refusal } from './endpoint.js';
import { NetworkRules } from './networkRules.js';
import type { NetworkPolicyOptions, NetworkPolicySource } from './networkPolicyOptions.js';

/** The judgement of the policy about an endpoint. Plain JSON; never holds user info, path or query. */
export interface NetworkExplanation {
  /** Whether the endpoint may be called. */
  readonly allowed: boolean;
  /** The rule that refuses it. Absent where it is allowed. */
  readonly rule?: string;
  /** Why, in words. */
  readonly message: string;
  /** Scheme, host and port. Absent where the endpoint cannot be read. */
  readonly origin?: string;
  /**
   * `now` for an address: the judgement is final. `dial` for a name: its addresses are judged each time it is dialled.
   * Absent where it is refused.
   */
  readonly addressesJudged?: 'now' | 'dial';
}

export interface NetworkPolicy {
  /** The rules of an instance, for the dialler. */
  rulesOf(instanceID: string): NetworkRules;
  judgeEndpoint(endpoint: string, instanceID: string): Endpoint | Refusal;
  judgeAddress(
    address: Address | string,
    host: string,
    port: number,
    instanceID: string,
  ): Refusal | undefined;
  /**
   * Judges the syntax and literal addresses. A name is not resolved here: its addresses are judged when it is dialled.
   *
   * @throws {@link InvalidArgumentError} with the `rule` that refuses the endpoint
   */
  assertEndpointMayBeSaved(endpoint: string, instanceID: string): void;
  /** The judgement of {@link assertEndpointMayBeSaved}, as data. */
  explain(endpoint: string, instanceID: string): NetworkExplanation;
  /**
   * Replaces the policy for all later judgements, and closes pooled sockets.
   *
   * @throws {@link InvalidArgumentError} when the new policy is not valid; the old policy then stays
   */
  change(source: NetworkPolicySource): void;
  /** Calls `listener` after each change; the returned function removes it. */
  onChange(listener: () => void): () => void;
}

/** The most instances whose rules are kept. */
const rememberedInstances = 10_000;

/**
 * The network policy of an actions object (see {@link NetworkPolicyOptions}).
 *
 * @throws {@link InvalidArgumentError} for an unknown option or a malformed entry
 */
export function createNetworkPolicy(source: NetworkPolicySource = {}): NetworkPolicy {
  const listeners = new Set<() => void>();
  let current = rulesFrom(source);

  const judgeEndpoint = (endpoint: string, instanceID: string) => current(instanceID).judgeEndpoint(endpoint);
  return {
    rulesOf: (instanceID) => current(instanceID),
    judgeEndpoint,
    judgeAddress: (address, host, port, instanceID) => current(instanceID).judgeAddress(address, host, port),
    assertEndpointMayBeSaved(endpoint, instanceID) {
      const judgement = judgeEndpoint(endpoint, instanceID);
      if (isRefusal(judgement))
        throw new InvalidArgumentError(`${judgement.message}; nothing was written`, {
          rule: judgement.refused,
        });
    },
    explain: (endpoint, instanceID) => explanationOf(judgeEndpoint(endpoint, instanceID)),
    change(next) {
      current = rulesFrom(next);
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** @throws {@link InvalidArgumentError} where the function of the user throws */
function policyOf(source: (instanceID: string) => NetworkPolicyOptions, instanceID: string) {
  try {
    return source(instanceID);
  } catch (cause) {
    throw new InvalidArgumentError(
      `network threw for the instance ${shownName(instanceID)}: it has to return the network policy of an instance; nothing was called or written`,
      { rule: 'policy-function', cause },
    );
  }
}

function rulesFrom(source: NetworkPolicySource): (instanceID: string) => NetworkRules {
  if (typeof source !== 'function') {
    const rules = new NetworkRules(source);
    return () => rules;
  }
  requireFunction(source, 'network');
  const byInstance = new Map<string, NetworkRules>();
  const byOptions = new WeakMap<NetworkPolicyOptions, NetworkRules>();
  return (instanceID) => {
    const known = byInstance.get(instanceID);
    if (known !== undefined) return known;
    const options = policyOf(source, instanceID);
    // Instances with the same options object share rules, and with them sockets.
    const rules = byOptions.get(options) ?? new NetworkRules(options);
    byOptions.set(options, rules);
    byInstance.set(instanceID, rules);
    forgetOldest(byInstance, rememberedInstances);
    return rules;
  };
}

function explanationOf(judgement: Endpoint | Refusal): NetworkExplanation {
  if (isRefusal(judgement)) return { allowed: false, rule: judgement.refused, message: judgement.message };
  const isName = judgement.address === undefined;
  return {
    allowed: true,
    message: isName
      ? `${judgement.origin} may be called; the addresses of the name are judged each time it is dialled`
      : `${judgement.origin} may be called`,
    origin: judgement.origin,
    addressesJudged: isName ? 'dial' : 'now',
  };
}
