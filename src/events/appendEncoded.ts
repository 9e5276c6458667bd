import type { AppendResult, EventStore } from '../ports.js';
import type { ProposedAppend } from './proposedAppend.js';

/** An append of events that are checked and encoded already. */
export type AppendEncoded = (
  proposed: ProposedAppend,
  signal: AbortSignal | undefined,
) => Promise<AppendResult>;

/** By the `append` of a store: an `append` that a user has put in its place takes events of the port. */
const known = new WeakMap<EventStore['append'], AppendEncoded>();

/** Lets the append hook hand its encoded events to a store of this package as they are. */
export function takeEncoded(append: EventStore['append'], appendEncoded: AppendEncoded): void {
  known.set(append, appendEncoded);
}

/** How a store takes encoded events; `undefined` for a store that takes only events of the port. */
export const appendEncodedOf = (append: EventStore['append']): AppendEncoded | undefined => known.get(append);
