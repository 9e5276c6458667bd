import type { CallFailedError } from '../errors.js';
import type { Clock } from '../ports.js';
import type { Endpoint } from './endpoint.js';
import { createNameResolver } from './nameResolver.js';
import type { NetworkRules } from './networkRules.js';
import type { DialTarget } from './networkPolicyOptions.js';
import { openTunnel } from './proxy.js';
import type { Proxy } from './proxy.js';
import type { Dial } from './socketPool.js';

/** Finds out how a socket to an endpoint may be opened: where nothing is idle, this comes before each new socket. */
export interface Dialler {
  /**
   * Calls `done`, at once for a literal address: the judgement of the endpoint covers it.
   *
   * @returns how to give up, where something is open meanwhile
   */
  prepare(
    rules: NetworkRules,
    endpoint: Endpoint,
    done: (dial: Dial | CallFailedError) => void,
  ): (() => void) | undefined;
}

export function createDialler(clock: Clock, proxy: Proxy | undefined): Dialler {
  const resolveName = createNameResolver(clock);

  return {
    prepare(rules, endpoint, done) {
      const { host, port, address, scheme } = endpoint;
      const literal: DialTarget = { host, port, family: address?.kind() === 'ipv6' ? 6 : 4, name: host };
      if (proxy !== undefined && scheme === 'http') {
        done({ targets: [{ ...literal, host: proxy.host, port: proxy.port }], connect: undefined });
      } else if (proxy !== undefined) {
        return openTunnel(proxy, endpoint, (tunnel) => {
          done('destroy' in tunnel ? { targets: [literal], connect: undefined, tunnel } : tunnel);
        });
      } else if (address !== undefined) {
        done({ targets: [literal], connect: rules.connect });
      } else {
        resolveName(rules, endpoint).then(
          (targets) => {
            done({ targets, connect: rules.connect });
          },
          (error: unknown) => {
            done(error as CallFailedError);
          },
        );
      }
      return undefined;
    },
  };
}
