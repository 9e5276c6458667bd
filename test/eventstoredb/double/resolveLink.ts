import type { EventStore } from './eventStore.js';
import type { StoredEvent } from './storedEvent.js';

/** An event as a reader gets it. The target of a link may be gone. */
export type ResolvedEvent = { readonly event?: StoredEvent; readonly link?: StoredEvent };

export const linkType = '$>';

/** Link data is "revision@stream". */
export const linkTo = ({ revision, stream }: StoredEvent): Buffer => Buffer.from(`${revision}@${stream}`);

export const resolveLink = (store: EventStore, event: StoredEvent, resolve: boolean): ResolvedEvent => {
  if (!resolve || event.type !== linkType) return { event };
  const text = Buffer.from(event.data).toString('utf8');
  const at = text.indexOf('@');
  const stream = store.stream(text.slice(at + 1));
  const target = stream.isTombstoned ? undefined : stream.at(Number(text.slice(0, at)));
  return target && stream.isReadable(target, store.now) ? { event: target, link: event } : { link: event };
};
