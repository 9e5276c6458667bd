import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { messages } from './protocol.js';
import { readFilter } from './eventFilter.js';
import type { EventStore } from './eventStore.js';
import { streamName } from './recordedEvent.js';
import type { StoredEvent } from './storedEvent.js';
import { invalidArgument, streamDeleted, type Failure } from './trailers.js';

type Options = streams.ReadReq.Options;
type StreamOptions = streams.ReadReq.Options.StreamOptions;
type AllOptions = streams.ReadReq.Options.AllOptions;

const { BACKWARDS: backwards } = messages.streams.ReadReq.Options.ReadDirection;

const isBackwards = (options: Options): boolean => options.getReadDirection() === backwards;

const take = function* (events: Iterable<StoredEvent>, count: number): Generator<StoredEvent> {
  let left = count;
  for (const event of events) {
    yield event;
    if (--left <= 0) return;
  }
};

const where = function* (
  events: Iterable<StoredEvent>,
  matches: (event: StoredEvent) => boolean,
): Generator<StoredEvent> {
  for (const event of events) if (matches(event)) yield event;
};

const walk = function* (
  at: (index: number) => StoredEvent | undefined,
  start: number,
  step: 1 | -1,
): Generator<StoredEvent> {
  for (let index = start; ; index += step) {
    const event = at(index);
    if (!event) return;
    yield event;
  }
};

/** Reads inclusively in both directions. Undefined where the stream does not exist. */
const readStream = (
  store: EventStore,
  from: StreamOptions,
  backwards: boolean,
): Iterable<StoredEvent> | Failure | undefined => {
  const name = streamName(from.getStreamIdentifier());
  const stream = store.stream(name);
  if (stream.isTombstoned) return streamDeleted(name);
  if (stream.isMissing) return undefined;
  const edge = from.hasEnd() ? Infinity : 0;
  const revision = from.hasRevision() ? Number(from.getRevision()) : edge;
  const start = backwards ? Math.min(revision, stream.current) : Math.max(revision, stream.firstRevision);
  const events = walk((index) => stream.at(index), start, backwards ? -1 : 1);
  return where(events, (event) => stream.isReadable(event, store.now));
};

/** Forwards, a read begins with the event at the position; backwards, with the event before it. */
const readAll = (
  { log }: EventStore,
  from: AllOptions,
  backwards: boolean,
): Iterable<StoredEvent> | Failure => {
  const edge = from.hasEnd() ? log.end : 0;
  const position = from.hasPosition() ? Number(from.getPosition()?.getCommitPosition()) : edge;
  if (!log.isValidPosition(position)) return invalidArgument('InvalidPosition');
  const index = log.indexFrom(position);
  return walk((at) => log.at(at), backwards ? index - 1 : index, backwards ? -1 : 1);
};

/** The events of a read; undefined for a stream that does not exist. */
export const readEvents = (
  store: EventStore,
  options: Options,
): Iterable<StoredEvent> | Failure | undefined => {
  const count = options.hasCount() ? Number(options.getCount()) : Infinity;
  if (count === 0) return invalidArgument('A read must ask for at least one event');
  const [stream, all, filter] = [options.getStream(), options.getAll(), options.getFilter()];
  if (stream) {
    const events = readStream(store, stream, isBackwards(options));
    return events === undefined || events instanceof Error ? events : take(events, count);
  }
  if (!all) return invalidArgument('Neither a stream nor $all');
  const events = readAll(store, all, isBackwards(options));
  if (events instanceof Error) return events;
  return take(filter ? where(events, readFilter(filter).matches) : events, count);
};
