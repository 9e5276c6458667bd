import { InvalidArgumentError } from '../../../errors.js';
import { writeJSON } from '../../../lib/json/json.js';
import { reading } from '../../../lib/reading/reading.js';
import { shownValue, shownType } from '../../../lib/reading/shownValue.js';
import { isWellFormed } from '../../../lib/json/wellFormed.js';
import type { ClientKind } from '../client/clientKind.js';
import type { AppendOptions, ClientEvent } from '../client/streamsClient.js';
import { shownText } from '../../../lib/shown/shownText.js';

/** `appendToStream` sends the expected revision as an unsigned number. */
const highestUnsigned = 2n ** 64n - 1n;
/** The values that the client accepts as bytes, besides bytes. */
const base64 = /^[\w+/-]*[=.]*$/;
const nilID = /^[0-]*$/;
/** The forms of a UUID that the server accepts: with or without hyphens, in braces or parentheses. */
const eventID = /^\s*(?:[0-9a-f]{32}|([{(]?)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}[)}]?)\s*$/i;

/** The JSON that the client will write for the data and metadata of an event. */
export interface SendableEvent {
  readonly dataJSON: string | undefined;
  readonly metadataJSON: string | undefined;
}

/**
 * Refuses arguments that the client would never answer, or that would end other appends or the process:
 * - for a value that does not serialise the client gives no answer and raises an unhandled rejection;
 * - the server answers an event without a type, or with an id that it cannot read, twice on the batch stream, and the
 *   second answer ends the process two seconds later;
 * - a revision, type or deadline that cannot be encoded closes the batch stream and with it every pending append.
 *
 * Also refuses the expectation under the name that the other client uses: this client would ignore it and append at any
 * version of the stream.
 *
 * @param batch - whether the append goes over the batch stream
 * @returns for each event, the JSON that was written for this check
 * @throws {@link InvalidArgumentError} nothing was sent
 */
export function assertSendable(
  { kind, batch }: { readonly kind: ClientKind; readonly batch: boolean },
  stream: string,
  events: ClientEvent | readonly ClientEvent[],
  options: AppendOptions | undefined,
): readonly SendableEvent[] {
  requireName(stream);
  const list = (Array.isArray as (value: unknown) => value is readonly ClientEvent[])(events)
    ? events
    : [events];
  // `map` would skip the holes of an array, for which the client gives no answer.
  const sendable = Array.from(list, (event, place) =>
    sendableEvent(event, batch, `event ${place + 1} of the append to ${shownText(stream)}`),
  );
  assertExpectation(kind, stream, options);
  if (Number.isNaN(options?.deadline))
    throw new InvalidArgumentError(
      'the deadline must be a number of milliseconds, not NaN; nothing was sent',
    );
  return sendable;
}

/**
 * The JSON that was written to check that an event can be sent.
 *
 * @param what - the event's name in errors
 * @throws {@link InvalidArgumentError} nothing was sent
 */
export function sendableEvent(event: ClientEvent, batch: boolean, what: string): SendableEvent {
  const refuse = (problem: string): never => {
    throw new InvalidArgumentError(`${what} ${problem}; nothing was sent`);
  };
  return reading(what, () => {
    const problem = problemOf(event, batch);
    if (problem !== undefined) return refuse(problem);
    return { dataJSON: dataJSON(event, refuse), metadataJSON: metadataJSON(event.metadata, refuse) };
  });
}

/** @throws {@link InvalidArgumentError} nothing was sent */
export function requireName(stream: unknown): asserts stream is string {
  if (typeof stream !== 'string')
    throw new InvalidArgumentError(
      `the stream name must be a string, not ${shownType(stream)}; nothing was sent`,
    );
}

function assertExpectation(kind: ClientKind, stream: string, options: AppendOptions | undefined): void {
  const ignored = kind.expectation === 'streamState' ? 'expectedRevision' : 'streamState';
  if (options?.[ignored] !== undefined)
    throw new InvalidArgumentError(
      `the append to ${shownText(stream)} gives its expectation as ${ignored}, which ${kind.package} ignores: ` +
        `name it ${kind.expectation}; nothing was sent`,
    );
  assertState(stream, options?.[kind.expectation]);
}

function problemOf(event: ClientEvent, batch: boolean): string | undefined {
  if (typeof event !== 'object' || (event as unknown) === null) return 'is not an event';
  if (typeof event.type !== 'string') return 'has a type that is not a string';
  if (batch && event.type === '') return 'has an empty type';
  if (batch && !isWellFormed(event.type)) return 'has half a surrogate pair in its type';
  // Read the content type here: the client reads it where an error ends the process.
  const id: unknown = event.id;
  if (batch && !isEventID(id)) return `has an id that is not a UUID: ${shownValue(id)}`;
  if (typeof (event.contentType as unknown) !== 'string') return 'has a content type that is not a string';
  return undefined;
}

function isEventID(id: unknown): boolean {
  return typeof id === 'string' && eventID.test(id) && !nilID.test(id);
}

type Refuse = (problem: string) => never;

/** `undefined` for an event that is not JSON. */
function dataJSON(
  { contentType, data }: { readonly contentType: string; readonly data: unknown },
  refuse: Refuse,
): string | undefined {
  if (contentType === 'application/json') return jsonOf('data', data, refuse);
  if (contentType !== 'application/octet-stream' || data === undefined || data instanceof Uint8Array)
    return undefined;
  if (typeof data === 'string' && base64.test(data)) return undefined;
  return refuse('is binary, so its data must be a Uint8Array');
}

function metadataJSON(metadata: unknown, refuse: Refuse): string | undefined {
  if (!metadata || metadata instanceof Uint8Array) return undefined;
  return jsonOf('metadata', metadata, refuse);
}

function jsonOf(what: string, value: unknown, refuse: Refuse): string {
  const written = writeJSON(value);
  if (written.json !== undefined) return written.json;
  return refuse(
    'cause' in written
      ? `has ${what} that does not serialise (${written.problem})`
      : `has ${what} that is not JSON`,
  );
}

/**
 * @param highest - the highest revision that the call can send
 * @throws {@link InvalidArgumentError} nothing was sent
 */
export function assertState(stream: string, revision: unknown, highest = highestUnsigned): void {
  if (
    revision === undefined ||
    revision === 'any' ||
    revision === 'no_stream' ||
    revision === 'stream_exists'
  )
    return;
  if (typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0) return;
  if (typeof revision === 'bigint' && revision >= 0n && revision <= highest) return;
  throw new InvalidArgumentError(
    `the expected revision of ${shownText(stream)} must be "any", "no_stream", "stream_exists" or a bigint from 0 to ${highest}, ` +
      `not ${shownValue(revision)}; nothing was sent`,
  );
}
