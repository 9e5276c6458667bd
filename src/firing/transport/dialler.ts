import type { Socket } from 'node:net';

import { CallFailedError } from '../../errors.js';
import type { Clock } from '../../ports.js';
import type { Endpoint } from '../../network/endpoint.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import { createNameResolver } from './nameResolver.js';
import type { Connect, DialTarget } from '../../network/networkPolicyOptions.js';
import { openTunnel } from './proxy.js';
import type { Proxy } from './proxy.js';
import type { Dial } from './socketPool.js';
import type { Wanted } from './wanted.js';

/** `'outdated'` where the rules were replaced meanwhile: outdated rules dial nothing. */
export type Way = Dial | CallFailedError | 'outdated';

/** Finds the route of a new socket to an endpoint; called whenever no idle socket is left. */
interface Dialler {
  /**
   * The route to an endpoint: at once for a literal address, which the endpoint's judgement covers; else a {@link
   * Finding}, whose promise never rejects.
   */
  wayTo(wanted: Wanted): Way | Finding;
  close(): void;
}

/** A route that is still being looked for. */
export interface Finding {
  readonly way: Promise<Way>;
  giveUp(): void;
}

export const isFinding = (way: Way | Finding): way is Finding => typeof way === 'object' && 'way' in way;

export function createDialler(clock: Clock, proxy: Proxy | undefined): Dialler {
  const names = createNameResolver(clock);

  return {
    wayTo(wanted) {
      const { rules, endpoint } = wanted;
      const { host, port, address, scheme } = endpoint;
      const literal: DialTarget = { host, port, family: address?.kind() === 'ipv6' ? 6 : 4, name: host };
      if (proxy !== undefined) {
        wanted.tried();
        return scheme === 'http'
          ? { targets: [{ ...literal, host: proxy.host, port: proxy.port }] }
          : throughTunnel(proxy, endpoint, literal);
      }
      if (address !== undefined) {
        wanted.tried();
        const dialled = dial([literal], rules.connect, endpoint);
        return dialled instanceof Promise ? { way: dialled, giveUp: nothing } : dialled;
      }
      return byName(wanted);
    },
    close: names.close,
  };

  function byName(wanted: Wanted): Finding {
    const { rules, endpoint } = wanted;
    let giveUp: () => void = nothing;
    const way = new Promise<Way>((resolve) => {
      giveUp = names.resolve(wanted, (targets) => {
        if (targets instanceof CallFailedError) resolve(targets);
        else resolve(wanted.isCurrent() ? dial(targets, rules.connect, endpoint) : 'outdated');
      });
    });
    return { way, giveUp };
  }
}

function throughTunnel(proxy: Proxy, endpoint: Endpoint, literal: DialTarget): Finding {
  let giveUp: () => void = nothing;
  const way = new Promise<Way>((resolve) => {
    giveUp = openTunnel(proxy, endpoint, (opened) => {
      resolve(opened instanceof CallFailedError ? opened : { targets: [literal], opened });
    });
  });
  return { way, giveUp };
}

/**
 * Opens the socket with the user's dialler, which receives the first address, or with our own, which tries the
 * addresses in turn.
 */
function dial(
  targets: readonly DialTarget[],
  connect: Connect | undefined,
  { origin }: Endpoint,
): Way | Promise<Way> {
  const [first] = targets;
  if (connect === undefined || first === undefined) return { targets };
  const failed = (error: unknown) =>
    new CallFailedError('network', `${origin} could not be dialled (${errorCodeOf(error)})`);
  const opened = (given: unknown): Way =>
    isOpenSocket(given)
      ? { targets, opened: given }
      : new CallFailedError('network', `${origin} could not be dialled: network.connect gave no open socket`);
  try {
    const given: unknown = connect(first);
    return isThenable(given) ? Promise.resolve(given).then(opened, failed) : opened(given);
  } catch (error) {
    return failed(error);
  }
}

const nothing = () => undefined;

const isThenable = (given: unknown): given is PromiseLike<unknown> =>
  typeof given === 'object' && given !== null && 'then' in given && typeof given.then === 'function';

const socketMembers = ['on', 'once', 'write', 'end', 'destroy', 'setTimeout', 'setNoDelay', 'setKeepAlive'];

/** Checks members and not the class, so that sockets of other libraries count; a closed socket does not. */
function isOpenSocket(given: unknown): given is Socket {
  if (typeof given !== 'object' || given === null) return false;
  const members = given as Readonly<Record<string, unknown>>;
  return socketMembers.every((name) => typeof members[name] === 'function') && members['destroyed'] !== true;
}
