import type { AppendOptions, AppendResult, EventStore } from '../ports.js';
import { toEventData } from './encodedEvent.js';
import type { ProposedAppend } from './proposedAppend.js';

/** An append of events that are checked and encoded already. */
export type AppendEncoded = (
  proposed: ProposedAppend,
  signal: AbortSignal | undefined,
) => Promise<AppendResult>;

/** By the `append` of a store: an `append` that a user has put in its place takes events of the port. */
const known = new WeakMap<EventStore['append'], AppendEncoded>();

/** Lets {@link appendProposed} hand its encoded events to a store of this package as they are. */
export function takeEncoded(append: EventStore['append'], appendEncoded: AppendEncoded): void {
  known.set(append, appendEncoded);
}

/**
 * Appends events that are checked and encoded, without encoding them again. A store that takes only events of the port, such
 * as a user's wrapper, gets events that carry their encoding. A store of this package gets the encoded events themselves:
 * an event of the port costs about 3 us, a third of an append of 100 events in memory.
 */
export function appendProposed(
  store: EventStore,
  proposed: ProposedAppend,
  options: AppendOptions,
): Promise<AppendResult> {
  const appendEncoded = known.get(store.append);
  return appendEncoded
    ? appendEncoded(proposed, options.signal)
    : store.append(proposed.stream, proposed.events.map(toEventData), options);
}
