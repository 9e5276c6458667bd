import type { EventFilter } from './eventFilter.js';
import { allSource, streamSource, type EventSource } from './eventSource.js';
import type { EventStore } from './eventStore.js';
import type { StoredEvent } from './storedEvent.js';

/** The events that a persistent subscription group reads: a stream, or $all through a filter. */
export type GroupSource = {
  /** The stream's name, or $all. */
  readonly name: string;
  /** Where a group without a checkpoint begins, inclusive; as the server shows it. */
  readonly startFrom: string;
  /** Reads from the requested start, or after a checkpoint. */
  readonly open: (checkpoint: number | undefined) => EventSource;
  /** The number of an event in a checkpoint: its revision, or its position in $all. */
  readonly sequence: (event: StoredEvent) => number;
  readonly checkpointText: (sequence: number) => string;
};

/** @param from - a revision, or the end as of now */
export const streamGroupSource = (store: EventStore, name: string, from: number | 'end'): GroupSource => {
  const after = from === 'end' ? store.stream(name).current : from - 1;
  return {
    name,
    startFrom: from === 'end' ? '-1' : String(from),
    open: (checkpoint = after) => streamSource(store, name, checkpoint),
    sequence: (event) => event.revision,
    checkpointText: String,
  };
};

const positionText = (position: number): string => `C:${position}/P:${position}`;

/** @param from - a position, or the end as of now */
export const allGroupSource = (
  store: EventStore,
  from: number | 'end',
  filter: EventFilter | undefined,
): GroupSource => {
  const { log } = store;
  const start = log.indexFrom(from === 'end' ? log.end : from);
  return {
    name: '$all',
    startFrom: positionText(from === 'end' ? -1 : from),
    open: (checkpoint) => {
      const all = allSource(store, checkpoint === undefined ? start : log.indexFrom(checkpoint + 1));
      const next = (): StoredEvent | undefined => {
        for (let event = all.next(); event; event = all.next())
          if (filter?.matches(event) ?? !event.stream.startsWith('$persistentsubscription-')) return event;
        return undefined;
      };
      return { ...all, next };
    },
    sequence: (event) => event.position,
    checkpointText: positionText,
  };
};
