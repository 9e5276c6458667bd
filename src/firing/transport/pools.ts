import type { NetworkPolicy } from '../../network/networkPolicy.js';
import type { NetworkRules } from '../../network/networkRules.js';
import type { SecureContextSource } from './secureContext.js';
import { createSocketPool } from './socketPool.js';
import type { SocketPool } from './socketPool.js';

/** Policies whose sockets are kept; above this number the oldest policy's sockets are closed. */
const maxPools = 256;

/** The sockets of all policies: a socket of one policy never serves a call under another. */
interface Pools {
  of(rules: NetworkRules): SocketPool;
  close(): void;
}

/** @param idlePerHost - how many idle sockets to one host are kept */
export function createPools(
  policy: NetworkPolicy,
  idlePerHost: number,
  secureContext: SecureContextSource,
): Pools {
  let pools = new Map<NetworkRules, SocketPool>();
  const forgetPolicy = policy.onChange(() => {
    for (const pool of pools.values()) pool.retire();
    pools = new Map();
  });
  return {
    of(rules) {
      const known = pools.get(rules);
      if (known !== undefined) return known;
      const pool = createSocketPool(idlePerHost, secureContext);
      pools.set(rules, pool);
      for (const [oldest, its] of pools) {
        if (pools.size <= maxPools) break;
        its.retire();
        pools.delete(oldest);
      }
      return pool;
    },
    close() {
      forgetPolicy();
      for (const pool of pools.values()) pool.destroy();
      pools = new Map();
    },
  };
}
