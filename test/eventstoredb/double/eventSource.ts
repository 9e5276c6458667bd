import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { EventStore } from './eventStore.js';
import { streamName } from './recordedEvent.js';
import type { StoredEvent } from './storedEvent.js';
import { invalidArgument, streamDeleted, type Failure } from './trailers.js';

/**
 * The source of a subscription's events. `next` gives them one by one, and undefined while there is no further
 * event.
 */
export type EventSource = {
  readonly next: () => StoredEvent | undefined;
  /** How many events `next` has not given yet. */
  readonly ahead: () => number;
};

/** Starts behind a revision, never at it. */
export const streamSource = (store: EventStore, name: string, after: number): EventSource => {
  let revision = after + 1;
  let tombstoned = false;
  const next = (): StoredEvent | undefined => {
    const stream = store.stream(name);
    if (stream.isSoftDeleted) return undefined;
    for (let at = Math.max(revision, stream.firstRevision); ; at++) {
      const event = stream.at(at);
      if (!event) break;
      revision = at + 1;
      if (stream.isReadable(event, store.now)) return event;
    }
    if (tombstoned) return undefined;
    tombstoned = stream.isTombstoned;
    return stream.tombstone;
  };
  return { next, ahead: () => store.stream(name).current + 1 - revision };
};

export const allSource = (store: EventStore, start: number): EventSource => {
  let index = start;
  const next = (): StoredEvent | undefined => {
    const event = store.log.at(index);
    if (event) index++;
    return event;
  };
  return { next, ahead: () => store.log.length - index };
};

export type Subscribed = {
  readonly source: EventSource;
  /** The stream; undefined for $all. */
  readonly stream?: string;
};

const subscribeToStream = (
  store: EventStore,
  from: streams.ReadReq.Options.StreamOptions,
): Subscribed | Failure => {
  const stream = streamName(from.getStreamIdentifier());
  const { isTombstoned, current } = store.stream(stream);
  if (isTombstoned) return streamDeleted(stream);
  const edge = from.hasEnd() ? current : -1;
  const after = from.hasRevision() ? Number(from.getRevision()) : edge;
  return { stream, source: streamSource(store, stream, after) };
};

const subscribeToAll = (
  store: EventStore,
  from: streams.ReadReq.Options.AllOptions,
): Subscribed | Failure => {
  const { log } = store;
  if (from.hasEnd()) return { source: allSource(store, log.length) };
  if (!from.hasPosition()) return { source: allSource(store, 0) };
  const position = Number(from.getPosition()?.getCommitPosition());
  if (!log.isValidPosition(position)) return invalidArgument('InvalidPosition');
  const index = log.indexFrom(position);
  return { source: allSource(store, Math.min(index + 1, log.length)) };
};

/** Reads after a revision or position, or after the present end. */
export const eventSource = (store: EventStore, options: streams.ReadReq.Options): Subscribed | Failure => {
  const [stream, all] = [options.getStream(), options.getAll()];
  if (stream) return subscribeToStream(store, stream);
  return all ? subscribeToAll(store, all) : invalidArgument('Neither a stream nor $all');
};
