import { lookup as systemLookup } from 'node:dns';

import { CallFailedError } from '../../errors.js';
import type { Clock } from '../../ports.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import type { DialTarget, NameLookup } from '../../network/networkPolicyOptions.js';
import { reportRejection } from '../../lib/ignoredError.js';
import { FairQueue } from '../pacing/fairQueue.js';
import type { Place } from '../pacing/queueShare.js';
import type { Wanted } from './wanted.js';

/** A name with more addresses than this is refused. */
const maxAddresses = 64;
/** How long a lookup without an answer holds its place. Milliseconds. */
const forgottenAfterMs = 30_000;
/** Lookups of the system at once: `getaddrinfo` holds a thread, and Node runs two of them at a time. */
const systemLookups = { atOnce: 3, perInstance: { alone: 3, shared: 1 } };
/** Lookups at once by the user's resolver, whose cost is unknown. */
const givenLookups = { atOnce: 24, perInstance: { alone: 3, shared: 3 } };

type Answer = readonly DialTarget[] | CallFailedError;

interface NameResolver {
  /**
   * Resolves the name of an endpoint to addresses that the policy has judged. Calls `done` once.
   *
   * @returns gives up: a lookup that no call waits for leaves the queue
   */
  resolve(wanted: Wanted, done: (answer: Answer) => void): () => void;
  /** Ends all lookups as failures. */
  close(): void;
}

/** One lookup for all calls of an instance that wait for the same name. */
interface Asked {
  readonly listeners: Set<Listener>;
  leaveQueue: () => void;
  isRunning: boolean;
}

interface Listener {
  tried(): void;
  done(addresses: readonly string[] | Error): void;
}

/**
 * A bounded number of lookups at once, shared fairly between instances; all calls of an instance that wait for one name
 * share a lookup. All addresses of an answer are judged, and one refused address refuses the answer: any of them may
 * then be dialled.
 */
export function createNameResolver(clock: Clock): NameResolver {
  const bounds = { perTarget: 1, queue: Infinity };
  const queues = {
    system: new FairQueue({ ...systemLookups, ...bounds }),
    given: new FairQueue({ ...givenLookups, ...bounds }),
  };
  const running = new Set<(answer: Error) => void>();
  let isClosed = false;
  const askedOf = new Map<NameLookup, Map<string, Asked>>();

  function ask(lookup: NameLookup, { endpoint, instanceID }: Wanted, listener: Listener): Asked {
    const names = askedOf.get(lookup) ?? new Map<string, Asked>();
    askedOf.set(lookup, names);
    const key = `${instanceID} ${endpoint.host}`;
    const known = names.get(key);
    if (known !== undefined) {
      known.listeners.add(listener);
      if (known.isRunning) listener.tried();
      return known;
    }
    const forget = () => {
      if (names.get(key) === asked) names.delete(key);
      if (names.size === 0 && askedOf.get(lookup) === names) askedOf.delete(lookup);
    };
    const start = (place: Place) => {
      asked.isRunning = true;
      for (const each of asked.listeners) each.tried();
      let isOver = false;
      const end = (answer: readonly string[] | Error) => {
        if (isOver) return;
        isOver = true;
        cancel();
        running.delete(end);
        place.release();
        forget();
        for (const each of asked.listeners) each.done(answer);
      };
      const cancel = clock.after(forgottenAfterMs, () => {
        end(new Error('the resolver does not answer'));
      });
      running.add(end);
      if (isClosed) end(new Error('closed'));
      else reportRejection('the answer of a resolver', askOnce(lookup, endpoint.host).then(end));
    };
    const asked: Asked = { listeners: new Set([listener]), isRunning: false, leaveQueue: nothing };
    names.set(key, asked);
    const queue = lookup === systemLookup ? queues.system : queues.given;
    const claimant = { instanceID, targetID: endpoint.host };
    const place = queue.tryTake(claimant);
    if (place !== undefined) start(place);
    else {
      const leave = queue.wait(claimant, { start, drop: nothing, bytes: 0 });
      asked.leaveQueue = () => {
        leave?.();
        forget();
      };
    }
    return asked;
  }

  return {
    resolve(wanted, done) {
      const listener: Listener = {
        tried: wanted.tried,
        done(answer) {
          const { origin } = wanted.endpoint;
          done(answer instanceof Error ? unresolved(origin, answer) : judged(wanted, answer));
        },
      };
      const asked = ask(wanted.rules.lookup ?? systemLookup, wanted, listener);
      return () => {
        asked.listeners.delete(listener);
        if (asked.listeners.size === 0 && !asked.isRunning) asked.leaveQueue();
      };
    },
    close() {
      isClosed = true;
      for (const end of running) end(new Error('closed'));
    },
  };
}

const nothing = () => undefined;

const unresolved = (origin: string, error: Error) =>
  new CallFailedError('network', `the name of ${origin} could not be resolved (${errorCodeOf(error)})`);

/** Judges the addresses of a name: all of them may be dialled, or none. */
function judged({ rules, endpoint }: Wanted, addresses: readonly string[]): Answer {
  const { host, port, origin } = endpoint;
  if (addresses.length === 0) return new CallFailedError('network', `the name of ${origin} has no address`);
  if (addresses.length > maxAddresses)
    return new CallFailedError(
      'address-refused',
      `the name of ${origin} has more than ${maxAddresses} addresses`,
      { rule: 'address' },
    );
  const targets: DialTarget[] = [];
  for (const address of addresses) {
    const refused = rules.judgeAddress(address, host, port);
    if (refused !== undefined)
      return new CallFailedError('address-refused', refused.message, { rule: refused.refused });
    targets.push({ host: address, port, family: address.includes(':') ? 6 : 4, name: host });
  }
  return targets;
}

/** The addresses as texts; any other answer of a resolver becomes a text that is no address. */
function askOnce(lookup: NameLookup, name: string): Promise<readonly string[] | Error> {
  return new Promise((resolve) => {
    const fail = (error: unknown) => {
      resolve(error instanceof Error ? error : new Error('the resolver failed'));
    };
    const answer = (given: unknown) => {
      try {
        resolve(Array.isArray(given) ? given.map(addressOf) : [addressOf(given)]);
      } catch (error) {
        fail(error);
      }
    };
    try {
      const promised: unknown = lookup(name, { all: true, verbatim: true }, (error, given) => {
        if (error) fail(error);
        else answer(given);
      });
      if (promised instanceof Promise)
        promised.then((given: unknown) => {
          // A resolver that takes a callback may be async and return a promise that resolves with nothing.
          if (given !== undefined) answer(given);
        }, fail);
    } catch (error) {
      fail(error);
    }
  });
}

function addressOf(entry: unknown): string {
  const address = typeof entry === 'object' && entry !== null && 'address' in entry ? entry.address : entry;
  return typeof address === 'string' ? address : '';
}
