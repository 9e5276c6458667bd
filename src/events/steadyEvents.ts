import { types } from 'node:util';
import { InvalidArgumentError } from '../errors.js';
import { encodingOf } from './encodedEvent.js';

/**
 * The events of an append, each with one type for all later reads, so that the type that was matched is the type that
 * is appended (rule S1). Where the type is a plain property, the list is returned unread. Where a getter or a `Proxy`
 * may answer differently each time, the event is replaced by one whose members are read once.
 *
 * @throws {@link InvalidArgumentError} for an event that cannot be read
 */
export function steadyEvents<Event extends object>(events: readonly Event[]): readonly Event[] {
  let place: number | undefined;
  try {
    if (!(Array.isArray as (value: unknown) => boolean)(events)) return events;
    if (isSteadyArray(events) && events.every(isSteady)) return events;
    const taken: Event[] = [];
    const count = events.length;
    for (place = 0; place < count; place++) taken.push(steady(events[place] as Event));
    return taken;
  } catch (cause) {
    const what = place === undefined ? 'the events of an append' : `events[${place}]`;
    throw new InvalidArgumentError(`${what} cannot be read; nothing was appended`, { cause });
  }
}

function isSteadyArray(events: readonly object[]): boolean {
  return !types.isProxy(events) && events.every((_, place) => isSteadyMember(events, place));
}

/**
 * Whether every read of the type gives the same value. A value that is no object counts as steady: the store refuses
 * it.
 */
function isSteady(event: object | null): boolean {
  if (typeof event !== 'object' || event === null || encodingOf(event)) return true;
  return !types.isProxy(event) && isSteadyMember(event, 'type');
}

function isSteadyMember(holder: object, member: string | number): boolean {
  const own = Object.getOwnPropertyDescriptor(holder, member);
  return own === undefined ? !(member in holder) : 'value' in own;
}

/** A stand-in whose type is read now; every other member is read once, on first use. */
function steady<Event extends object>(event: Event): Event {
  if (isSteady(event)) return event;
  const given = event as Readonly<Record<string, unknown>>;
  const copy = { type: given['type'] };
  for (const name of new Set([...Object.keys(event), 'id', 'data', 'metadata']))
    if (name !== 'type' && name in event) readOnce(copy, name, () => given[name]);
  return copy as unknown as Event;
}

function readOnce(holder: object, name: string, read: () => unknown): void {
  let known: { readonly value: unknown } | undefined;
  const get = () => (known ??= { value: read() }).value;
  Object.defineProperty(holder, name, { enumerable: true, get });
}
