import { InvalidArgumentError } from '../../errors.js';
import type { DeliverySource } from '../context/context.js';

/**
 * Returns a position unchanged; for a time, the position of the first event that was created at that time or later,
 * read from the first event on. A time after the last event gives a position beyond every event.
 *
 * @throws {@link InvalidArgumentError} for anything else
 */
export async function positionAt(source: DeliverySource, place: bigint | Date): Promise<bigint> {
  if (typeof place === 'bigint' && place >= 0n) return place;
  if (!(place instanceof Date) || Number.isNaN(place.getTime()))
    throw new InvalidArgumentError('from and to are positions (bigint) or times (Date)');
  const left = new AbortController();
  try {
    for await (const message of source.subscribe({ signal: left.signal })) {
      if ('stream' in message && message.created >= place) return message.position;
      if ('caughtUp' in message) break;
    }
    return 2n ** 128n;
  } finally {
    left.abort();
  }
}
