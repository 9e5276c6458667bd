import type { RecordedEvent } from '@eventstore/db-client';

export type Resolved = { readonly event?: RecordedEvent; readonly link?: RecordedEvent };

const name = (event: RecordedEvent | undefined): string =>
  event ? `${event.streamId}@${event.revision}` : 'none';

/** Writes an event as the book does. */
export const shownEvent = ({ event, link }: Resolved): string =>
  link ? `${name(link)} -> ${name(event)}` : `${name(event)} ${event?.type ?? ''}`;

/** The event that was read, or the link to it where there is one. */
export const originalEvent = ({ event, link }: Resolved): RecordedEvent => {
  const original = link ?? event;
  if (!original) throw new Error('Neither an event nor a link');
  return original;
};
