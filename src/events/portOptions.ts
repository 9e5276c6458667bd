import { InvalidArgumentError } from '../errors.js';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { reading } from '../lib/reading/reading.js';
import { requireSignal } from '../lib/reading/requireSignal.js';
import { shownType, shownValue } from '../lib/reading/shownValue.js';
import type { ReadOptions, SubscribeOptions } from '../ports.js';
import { requireText, requireU64 } from './proposedAppend.js';

const readNames: OptionNames<ReadOptions> = { from: true, direction: true, limit: true, signal: true };
const subscribeNames: OptionNames<SubscribeOptions> = { after: true, prefixes: true, signal: true };

/** How a stream is read. */
export interface TakenRead {
  readonly isBackwards: boolean;
  readonly from: bigint | undefined;
  readonly limit: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** @throws {@link InvalidArgumentError} for an option that is unknown or out of range */
export function takeReadOptions(given: ReadOptions | undefined): TakenRead {
  const { from, direction = 'forwards', limit, signal } = readOptions(given, readNames, 'readStream');
  requireSignal(signal);
  if (!['forwards', 'backwards'].includes(direction))
    throw new InvalidArgumentError(
      `direction is 'forwards' or 'backwards', not ${shownValue(direction)}; nothing was read`,
    );
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1))
    throw new InvalidArgumentError(
      `limit is a whole number of at least 1, not ${shownValue(limit)}; nothing was read`,
    );
  return {
    isBackwards: direction === 'backwards',
    from: from === undefined ? undefined : requireU64(from, 'from'),
    limit,
    signal,
  };
}

/** The streams that a subscription follows, and where it starts. */
export interface TakenSubscription {
  readonly after: bigint;
  readonly prefixes: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/**
 * @param mostPrefixes - how many prefixes the store takes
 * @param takePosition - for a source whose positions are larger than 64 bits
 * @throws {@link InvalidArgumentError} for an option that is unknown or out of range
 */
export function takeSubscribeOptions(
  given: SubscribeOptions | undefined,
  mostPrefixes = Number.MAX_SAFE_INTEGER,
  takePosition = (after: bigint): bigint => requireU64(after, 'after'),
): TakenSubscription {
  const { after = 0n, prefixes, signal } = readOptions(given, subscribeNames, 'subscribe');
  if (!reading('signal', () => (signal as unknown) instanceof AbortSignal))
    throw new InvalidArgumentError(
      `subscribe needs a signal, which ends the subscription, not ${shownType(signal)}; nothing was read`,
    );
  return {
    after: takePosition(after),
    prefixes: prefixes === undefined ? undefined : takePrefixes(prefixes, mostPrefixes),
    signal,
  };
}

function takePrefixes(given: readonly string[], most: number): readonly string[] {
  const prefixes = reading('prefixes', () =>
    Array.isArray(given) ? Array.from(given as readonly string[]) : [],
  );
  if (prefixes.length === 0 || prefixes.length > most) {
    const count = most === Number.MAX_SAFE_INTEGER ? 'at least one beginning' : `1 to ${most} beginnings`;
    throw new InvalidArgumentError(
      `prefixes are an array of ${count} of stream names; leave them out for every stream; nothing was read`,
    );
  }
  for (const [index, prefix] of prefixes.entries())
    if (prefix !== '') requireText(prefix, `prefixes[${index}]`);
  return prefixes;
}

/**
 * Checks a position. Positions are only compared; a store decides how many bits they have.
 * @throws {@link InvalidArgumentError}
 */
export function requirePosition(position: unknown): bigint {
  if (typeof position === 'bigint' && position >= 0n) return position;
  throw new InvalidArgumentError(
    `a position is a bigint of at least 0n, not ${shownValue(position)}; nothing was read`,
  );
}
