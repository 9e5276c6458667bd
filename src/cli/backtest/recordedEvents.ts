import { EventStoreUnavailableError } from '../../errors.js';
import type { EventStore, RecordedEvent } from '../../index.js';

interface ReadEventsOptions {
  readonly prefixes: readonly string[];
  /** The last position to read, so that reading ends even while others append. */
  readonly head: bigint | undefined;
  readonly signal: AbortSignal;
}

/** An event, or a position up to which there is no further event. */
type ReadEvent = RecordedEvent | { readonly checkpoint: bigint };

const positionOf = (message: ReadEvent): bigint =>
  'checkpoint' in message ? message.checkpoint : message.position;

/**
 * Yields recorded events in the order of the store as fast as the caller takes them, with one page in memory. Resumes a
 * subscription that drops where it was.
 *
 * @throws {@link EventStoreUnavailableError} when the subscription drops twice at the same position; any other error of the
 *   store
 */
export async function* readEvents(
  store: Pick<EventStore, 'subscribe'>,
  { prefixes, head, signal }: ReadEventsOptions,
): AsyncGenerator<ReadEvent, void, undefined> {
  let position = 0n;
  for (;;) {
    const before = position;
    const from = { after: position, signal, ...(prefixes.length > 0 && { prefixes }) };
    for await (const message of store.subscribe(from)) {
      if ('caughtUp' in message) return;
      const at = positionOf(message);
      if (head !== undefined && at > head) return;
      if (at <= position) continue;
      position = at;
      yield message;
      if (at === head) return;
    }
    if (signal.aborted) return;
    if (position === before)
      throw new EventStoreUnavailableError(
        `the subscription ended after position ${position} before everything was read; try again`,
      );
  }
}
