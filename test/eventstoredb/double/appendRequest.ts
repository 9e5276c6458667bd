import type { ExpectedRevision } from './expectedRevision.js';
import type { Refused, Written } from './eventStore.js';
import type { ProposedEvent } from './storedEvent.js';

/** One append, by either of the two calls. */
export type AppendRequest = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
  /** The deadline, in milliseconds since the epoch; a later append is not written. */
  readonly deadline: number;
};

export type AppendAnswer =
  | Written
  | Refused
  | { readonly kind: 'maximum-append-size-exceeded'; readonly size: number }
  | { readonly kind: 'bad-request'; readonly reason: string; readonly answeredTwice: boolean }
  | { readonly kind: 'access-denied' | 'timeout' | 'not-ready' };

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Bytes of an event as the server counts them against its limit; a type is UTF-16 there. */
const sizeOf = ({ data, metadata, type }: ProposedEvent): number =>
  data.length + metadata.length + 2 * type.length;

/** The fault of a request that is independent of its stream. */
export const refuseMalformed = (
  { stream, events }: AppendRequest,
  maxAppendSize: number,
): AppendAnswer | undefined => {
  if (stream === '') return { kind: 'bad-request', reason: 'No stream name', answeredTwice: false };
  let size = 0;
  for (const event of events) {
    if (event.type === '') return { kind: 'bad-request', reason: 'No event type', answeredTwice: true };
    if (!uuidPattern.test(event.id))
      return { kind: 'bad-request', reason: 'An event id is no UUID', answeredTwice: true };
    size += sizeOf(event);
    if (size > maxAppendSize) return { kind: 'maximum-append-size-exceeded', size: maxAppendSize };
  }
  return undefined;
};
