import { InvalidArgumentError } from '../errors.js';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { requireFunction } from '../lib/reading/reading.js';
import { timeOf } from './timeOf.js';
import { shownValue, shownType } from '../lib/reading/shownValue.js';

/** Remembers the ids of calls. `SET id 1 NX EX ttl` of Redis is one; {@link memorySeenStore} serves a single process. */
export interface SeenStore {
  /**
   * Remembers `id` for at least `ttlSeconds`.
   * @returns whether it was new
   * @throws when the store cannot answer; the call is then refused
   */
  add(id: string, ttlSeconds: number): Promise<boolean> | boolean;
}

/** The bounds of a seen store in memory. */
export interface MemorySeenStoreOptions {
  /** How many ids are kept; above it the oldest are forgotten first. @defaultValue 100 000 */
  readonly maximum?: number;
  /** A clock in milliseconds; only differences count. @defaultValue `performance.now`, which is never set back */
  readonly now?: () => number;
}

const optionNames: OptionNames<MemorySeenStoreOptions> = { maximum: true, now: true };

/** Remembers ids in this process only; they are lost when it ends. About 100 bytes an id. */
export function memorySeenStore(options: MemorySeenStoreOptions = {}): SeenStore {
  const { maximum = 100_000, now = () => performance.now() } = readOptions(
    options,
    optionNames,
    'memorySeenStore',
  );
  requireFunction(now, 'now');
  if (!Number.isInteger(maximum) || maximum < 1)
    throw new InvalidArgumentError(
      `maximum has to be a whole number of ids, at least 1, not ${shownValue(maximum)}`,
    );
  const expiries = new Map<string, number>();
  return {
    add(id, ttlSeconds) {
      if (typeof id !== 'string' || !(typeof ttlSeconds === 'number' && ttlSeconds >= 0))
        throw new InvalidArgumentError(
          `add takes an id as text, and a number of seconds of at least 0, not ${shownType(id)} and ${shownValue(ttlSeconds)}; the id is not remembered`,
        );
      const time = timeOf(now);
      const known = (expiries.get(id) ?? 0) > time;
      if (known) return false;
      expiries.delete(id);
      // A map iterates in the order of insertion: the first are the oldest.
      for (const [oldest, expiry] of expiries) {
        if (expiry > time && expiries.size < maximum) break;
        expiries.delete(oldest);
      }
      expiries.set(id, time + ttlSeconds * 1_000);
      return true;
    },
  };
}
