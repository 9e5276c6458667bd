import type { DeliverySource } from '../context/context.js';

/** A position beyond every event of a source. */
const beyondAll = 2n ** 128n;

/**
 * Returns a position unchanged; for a time, the position of the first event that was created at that time or later,
 * read from the first event on. A time after the last event gives a position beyond every event.
 */
export async function positionAt(source: DeliverySource, place: bigint | Date): Promise<bigint> {
  if (typeof place === 'bigint') return place;
  const left = new AbortController();
  try {
    for await (const message of source.subscribe({ signal: left.signal })) {
      if ('stream' in message && message.created >= place) return message.position;
      if ('caughtUp' in message) break;
    }
    return beyondAll;
  } finally {
    left.abort();
  }
}
