import { InvalidArgumentError } from '../../errors.js';
import { steadyEvents } from '../../events/steadyEvents.js';
import { snapshot } from '../../lib/json/snapshot.js';
import { assertState, requireName } from '../grpcClient/appending/sendable.js';
import type { ClientEvent, StreamState } from '../grpcClient/client/streamsClient.js';
import { shownText } from '../../lib/shown/shownText.js';

/** Consecutive events for one stream in an append to several streams. */
interface Part {
  readonly stream: string;
  readonly state: StreamState;
  readonly events: readonly ClientEvent[];
}

/** A call of the client that appends to several streams. The caller's arguments are read once. */
export interface Together {
  readonly method: 'multiStreamAppend' | 'appendRecords';
  readonly parts: readonly Part[];
  /** The arguments of the call, with these events in place of the events of each part. */
  valuesOf(events: readonly (readonly ClientEvent[])[]): readonly unknown[];
}

export interface AppendRequest {
  readonly streamName: string;
  readonly expectedState: StreamState;
  readonly events: readonly ClientEvent[];
}

export interface AppendRecord {
  readonly streamName: string;
  readonly record: ClientEvent;
}

export interface StateCheck {
  readonly streamName: string;
  readonly expectedState: StreamState;
}

/** The protocol sends the expected revision as a signed number here, and reads -1, -2 and -4 as words. */
const highestSigned = 2n ** 63n - 1n;

/** @throws {@link InvalidArgumentError} nothing was sent */
export const assertSignedState = (stream: string, state: unknown): void => {
  assertState(stream, state, highestSigned);
};

const formats: readonly unknown[] = ['application/json', 'application/octet-stream'];

/** @throws {@link InvalidArgumentError} nothing was sent */
export function readRequests(given: readonly AppendRequest[]): Together {
  const requests = listOf(given, 'multiStreamAppend takes an array of requests').map((request, place) => {
    const { streamName, expectedState, events } = membersOf(request, `requests[${place}]`);
    requireName(streamName);
    if ((expectedState as unknown) === undefined) throw refusal(`requests[${place}] has no expectedState`);
    const list = steadyEvents(listOf(events, `requests[${place}] has no array of events`));
    return { ...request, streamName, expectedState, events: readEvents(list, streamName) };
  });
  return {
    method: 'multiStreamAppend',
    parts: requests.map(({ streamName, expectedState, events }) => ({
      stream: streamName,
      state: expectedState,
      events,
    })),
    valuesOf: (events) => [requests.map((request, part) => ({ ...request, events: events[part] ?? [] }))],
  };
}

/**
 * Consecutive records for one stream make one part.
 *
 * @throws {@link InvalidArgumentError} nothing was sent
 */
export function readRecords(given: readonly AppendRecord[], checks?: readonly StateCheck[]): Together {
  const records = listOf(given, 'appendRecords takes an array of records').map((record, place) =>
    membersOf(record, `records[${place}]`),
  );
  const events = steadyEvents(records.map(({ record }) => record));
  const taken = checks === undefined ? [] : [readChecks(checks)];
  const parts: { readonly stream: string; readonly state: StreamState; readonly events: ClientEvent[] }[] =
    [];
  const counts = new Map<string, bigint>();
  for (const [place, { streamName }] of records.entries()) {
    requireName(streamName);
    const [event] = readEvents([events[place] as ClientEvent], streamName);
    const count = counts.get(streamName) ?? 0n;
    counts.set(streamName, count + 1n);
    const last = parts.at(-1);
    if (last?.stream === streamName) last.events.push(event as ClientEvent);
    else
      parts.push({
        stream: streamName,
        state: stateAfter(taken[0], streamName, count),
        events: [event as ClientEvent],
      });
  }
  return {
    method: 'appendRecords',
    parts,
    valuesOf: (approved) => [
      approved.flat().map((record, place) => ({ ...records[place], record })),
      ...taken,
    ],
  };
}

/** The expected state of the stream after `count` records of the append. */
function stateAfter(checks: readonly StateCheck[] | undefined, stream: string, count: bigint): StreamState {
  const state = checks?.find(({ streamName }) => streamName === stream)?.expectedState ?? 'any';
  if (count === 0n) return state;
  return typeof state === 'bigint' ? state + count : 'any';
}

function readChecks(given: readonly StateCheck[]): readonly StateCheck[] {
  return listOf(given, 'the checks of appendRecords are an array').map((check, place) => {
    const taken = snapshot({ ...membersOf(check, `checks[${place}]`) });
    requireName(taken.streamName);
    assertSignedState(taken.streamName, taken.expectedState);
    if ((taken.expectedState as unknown) === undefined)
      throw refusal(`checks[${place}] has no expectedState`);
    return taken;
  });
}

/** Refuses events that are neither JSON nor bytes: the client never settles an append with them. */
function readEvents(events: readonly ClientEvent[], stream: string): readonly ClientEvent[] {
  for (const event of events)
    if (typeof event === 'object' && (event as unknown) !== null && !formats.includes(event.contentType))
      throw refusal(
        `an event for ${shownText(stream)} has a contentType that is neither ${formats.join(' nor ')}`,
      );
  return events;
}

function listOf<Item>(given: readonly Item[], problem: string): readonly Item[] {
  if (!(Array.isArray as (value: unknown) => boolean)(given)) throw refusal(problem);
  return Array.from(given);
}

function membersOf<Given extends object>(given: Given, what: string): Given {
  if (typeof given !== 'object' || (given as unknown) === null) throw refusal(`${what} is not an object`);
  return { ...given };
}

const refusal = (problem: string) => new InvalidArgumentError(`${problem}; nothing was sent`);
