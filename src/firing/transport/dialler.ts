import { CallFailedError } from '../../errors.js';
import type { Clock } from '../../ports.js';
import type { Endpoint } from '../../network/endpoint.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import { createNameResolver } from './nameResolver.js';
import type { NetworkRules } from '../../network/networkRules.js';
import type { Connect, DialTarget } from '../../network/networkPolicyOptions.js';
import { openTunnel } from './proxy.js';
import type { Proxy } from './proxy.js';
import type { Dial } from './socketPool.js';

type Done = (dial: Dial | CallFailedError | 'outdated') => void;

/** Finds out how a socket to an endpoint may be opened: where nothing is idle, this comes before each new socket. */
export interface Dialler {
  /**
   * Calls `done`, at once for a literal address: the judgement of the endpoint covers it. It is `'outdated'` where the
   * rules were replaced while the name was resolved: nothing is dialled by rules that no longer hold.
   *
   * @param isCurrent - whether the rules still hold
   * @returns how to give up, where something is open meanwhile
   */
  prepare(
    rules: NetworkRules,
    isCurrent: () => boolean,
    endpoint: Endpoint,
    done: Done,
  ): (() => void) | undefined;
}

export function createDialler(clock: Clock, proxy: Proxy | undefined): Dialler {
  const resolveName = createNameResolver(clock);

  return {
    prepare(rules, isCurrent, endpoint, done) {
      const { host, port, address, scheme } = endpoint;
      const literal: DialTarget = { host, port, family: address?.kind() === 'ipv6' ? 6 : 4, name: host };
      if (proxy !== undefined && scheme === 'http') {
        done({ targets: [{ ...literal, host: proxy.host, port: proxy.port }] });
      } else if (proxy !== undefined) {
        return openTunnel(proxy, endpoint, (opened) => {
          done(opened instanceof CallFailedError ? opened : { targets: [literal], opened });
        });
      } else if (address !== undefined) {
        dial([literal], rules.connect, endpoint, done);
      } else {
        resolveName(rules, endpoint).then(
          (targets) => {
            if (isCurrent()) dial(targets, rules.connect, endpoint, done);
            else done('outdated');
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

/** With a dialler of the user, which is given the first address, or with our own, which tries them in turn. */
function dial(
  targets: readonly DialTarget[],
  connect: Connect | undefined,
  { origin }: Endpoint,
  done: Done,
): void {
  const [first] = targets;
  if (connect === undefined || first === undefined) {
    done({ targets });
    return;
  }
  const fail = (error: unknown) => {
    done(new CallFailedError('network', `${origin} could not be dialled (${errorCodeOf(error)})`));
  };
  try {
    const opened = connect(first);
    if (opened instanceof Promise)
      opened.then((socket) => {
        done({ targets, opened: socket });
      }, fail);
    else done({ targets, opened });
  } catch (error) {
    fail(error);
  }
}
