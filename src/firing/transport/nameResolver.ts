import { lookup as systemLookup } from 'node:dns';

import { CallFailedError } from '../../errors.js';
import type { Clock } from '../../ports.js';
import type { Endpoint } from '../../network/endpoint.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import type { NetworkRules } from '../../network/networkRules.js';
import type { DialTarget, NameLookup } from '../../network/networkPolicyOptions.js';
import { createSlots } from '../pacing/slots.js';

/** A name with more addresses than this is refused. */
const maxAddresses = 64;
/** `getaddrinfo` holds one of the four threads that the whole process shares. */
const lookupsAtOnce = 3;
/** A resolver that has not answered by then no longer holds its place. */
const forgottenAfterMs = 30_000;

/** Resolves names to addresses that the policy has judged. */
export type NameResolver = (rules: NetworkRules, endpoint: Endpoint) => Promise<readonly DialTarget[]>;

/**
 * A bounded number of lookups at once, one for each name however many calls wait for it. All addresses of an answer are
 * judged, and one that is refused refuses the answer: what is dialled can then be any of them.
 */
export function createNameResolver(clock: Clock): NameResolver {
  const slots = createSlots(lookupsAtOnce);
  const running = new Map<NameLookup, Map<string, Promise<readonly string[]>>>();

  function resolve(lookup: NameLookup, name: string): Promise<readonly string[]> {
    const names = running.get(lookup) ?? new Map<string, Promise<readonly string[]>>();
    running.set(lookup, names);
    const known = names.get(name);
    if (known !== undefined) return known;
    const answer = new Promise<readonly string[]>((done, fail) => {
      slots.take(() => {
        const leave = once(() => {
          cancel();
          slots.release();
          names.delete(name);
          if (names.size === 0) running.delete(lookup);
        });
        const cancel = clock.after(forgottenAfterMs, () => {
          leave();
          fail(new Error('the resolver does not answer'));
        });
        ask(lookup, name).then(done, fail).finally(leave);
      });
    });
    names.set(name, answer);
    return answer;
  }

  return async (rules, { host, port, origin }) => {
    const addresses = await resolve(rules.lookup ?? systemLookup, host).catch((error: unknown) => {
      throw new CallFailedError(
        'network',
        `the name of ${origin} could not be resolved (${errorCodeOf(error)})`,
      );
    });
    if (addresses.length === 0) throw new CallFailedError('network', `the name of ${origin} has no address`);
    if (addresses.length > maxAddresses)
      throw new CallFailedError(
        'address-refused',
        `the name of ${origin} has more than ${maxAddresses} addresses`,
        { rule: 'address' },
      );
    return addresses.map((address): DialTarget => {
      const refused = rules.judgeAddress(address, host, port);
      if (refused !== undefined)
        throw new CallFailedError('address-refused', refused.message, { rule: refused.refused });
      return { host: address, port, family: address.includes(':') ? 6 : 4, name: host };
    });
  };
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}

/** The addresses as texts; whatever else a resolver may answer becomes a text that is no address. */
function ask(lookup: NameLookup, name: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const answer = (given: unknown) => {
      resolve(Array.isArray(given) ? given.map(addressOf) : [addressOf(given)]);
    };
    const promised: unknown = lookup(name, { all: true, verbatim: true }, (error, given) => {
      if (error) reject(error);
      else answer(given);
    });
    if (promised instanceof Promise)
      promised.then((given: unknown) => {
        // A function that calls back may be async and promise nothing.
        if (given !== undefined) answer(given);
      }, reject);
  });
}

function addressOf(entry: unknown): string {
  const address = typeof entry === 'object' && entry !== null && 'address' in entry ? entry.address : entry;
  return typeof address === 'string' ? address : '';
}
