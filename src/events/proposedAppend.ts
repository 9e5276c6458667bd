import { InvalidArgumentError } from '../errors.js';
import { isDeeperThan, writeJSON } from '../lib/json/json.js';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { reading } from '../lib/reading/reading.js';
import { requireSignal } from '../lib/reading/requireSignal.js';
import { shownType, shownValue } from '../lib/reading/shownValue.js';
import { isWellFormed } from '../lib/json/wellFormed.js';
import type { AppendOptions, EventData, ExpectedVersion } from '../ports.js';
import { eventIDOf } from './eventID.js';
import { encodingOf, type EncodedEvent } from './encodedEvent.js';

/** An append that passed every check; nothing is written yet. */
export interface ProposedAppend {
  readonly stream: string;
  readonly events: readonly EncodedEvent[];
  readonly expectedVersion: ExpectedVersion;
}

const optionNames: OptionNames<AppendOptions> = { expectedVersion: true, signal: true };

/**
 * Levels of JSON that an append, or the content of a rehearsal, may have: some engines write any number of levels, others fail with an error that is
 * not ours.
 */
export const maxContentLevels = 5_000;
/** Revisions and positions are unsigned 64-bit numbers in EventStoreDB. */
const largestU64 = 2n ** 64n - 1n;

/** The options of an append, read once. @throws {@link InvalidArgumentError} for an unknown one, and for a signal that is none */
export function readAppendOptions(given: AppendOptions | undefined): AppendOptions {
  const options = readOptions(given, optionNames, 'append');
  requireSignal(options.signal);
  return options;
}

/**
 * Checks the input of an append and writes its events as JSON, once. Data follow `JSON.stringify`: a property that is
 * `undefined` is left out, a `Date` becomes its text. Events that the append hook has encoded are not encoded again.
 *
 * @throws {@link InvalidArgumentError} for an event that could not be stored and read back unchanged
 */
export function proposeAppend(
  stream: string,
  events: readonly EventData[],
  options: AppendOptions,
  generateID: () => string,
): ProposedAppend {
  const name = requireStreamName(stream);
  const expectedVersion = requireExpectedVersion(options.expectedVersion);
  const list = reading('the events of an append', () =>
    Array.isArray(events) ? (Array.from(events) as readonly EventData[]) : undefined,
  );
  if (list === undefined)
    throw new InvalidArgumentError(
      `the events of an append are an array, not ${shownType(events)}; nothing was appended`,
    );
  const encoded = list.map((event, index) => encode(event, `events[${index}]`, generateID));
  return { stream: name, events: encoded, expectedVersion };
}

/** @throws {@link InvalidArgumentError} */
export function requireStreamName(stream: unknown): string {
  return requireText(stream, 'the stream name');
}

/** @throws {@link InvalidArgumentError} */
export function requireU64(value: unknown, what: string): bigint {
  if (typeof value !== 'bigint' || value < 0n || value > largestU64)
    throw new InvalidArgumentError(
      `${what} is a bigint from 0n to 2^64 - 1, not ${shownValue(value)}; nothing was called or written`,
    );
  return value;
}

/** Checks that a value is text with a UTF-8 form: a store would change any other text. */
export function requireText(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '')
    throw new InvalidArgumentError(
      `${what} is text of at least one character, not ${shownValue(value)}; nothing was called or written`,
    );
  if (!isWellFormed(value))
    throw new InvalidArgumentError(
      `${what} has half a surrogate pair, which no store can keep; nothing was called or written`,
    );
  return value;
}

function requireExpectedVersion(expected: unknown = 'any'): ExpectedVersion {
  if (expected === 'any' || expected === 'no-stream' || expected === 'stream-exists') return expected;
  if (typeof expected === 'bigint') return requireU64(expected, 'expectedVersion');
  throw new InvalidArgumentError(
    `expectedVersion is a bigint, 'no-stream', 'stream-exists' or 'any', not ${shownValue(expected)}; nothing was appended`,
  );
}

function encode(event: EventData | null, place: string, generateID: () => string): EncodedEvent {
  if (typeof event !== 'object' || event === null)
    throw new InvalidArgumentError(
      `${place} is an object with type and data, not ${shownValue(event)}; nothing was appended`,
    );
  const known = encodingOf(event);
  if (known) {
    const { encoded, wasDataRead, wasMetadataRead } = known;
    if (!wasDataRead && !wasMetadataRead) return encoded;
    return {
      ...encoded,
      ...(wasDataRead && { data: encodeData(event.data, `${place}.data`) }),
      ...(wasMetadataRead && { metadata: encodeMetadata(event.metadata, `${place}.metadata`) }),
    };
  }
  const given = reading(place, () => ({
    id: event.id,
    type: event.type,
    data: event.data,
    metadata: event.metadata,
  }));
  const type = requireText(given.type, `${place}.type`);
  const id = given.id === undefined ? drawnID(generateID) : eventIDOf(given.id);
  if (id === undefined)
    throw new InvalidArgumentError(
      `${place}.id is a UUID other than the nil UUID, not ${shownValue(given.id)}; nothing was appended`,
    );
  return {
    id,
    repeatable: given.id !== undefined,
    type,
    data: encodeData(given.data, `${place}.data`),
    metadata: encodeMetadata(given.metadata, `${place}.metadata`),
  };
}

/** An error that the user's `generateID` throws passes unchanged, before anything is written. */
const drawnID = (generateID: () => string): string => requireText(generateID(), 'what generateID gives');

function encodeData(data: unknown, place: string): string | Uint8Array {
  // Reading fails for bytes that were transferred to another thread, and for a revoked Proxy.
  const bytes = reading(place, () => {
    if (data instanceof Uint8Array) return new Uint8Array(data);
    if (ArrayBuffer.isView(data) || data instanceof ArrayBuffer)
      throw new InvalidArgumentError(`${place}: bytes are a Uint8Array; nothing was appended`);
    return undefined;
  });
  return bytes ?? toJSON(data, place);
}

function encodeMetadata(metadata: unknown, place: string): string | null {
  if (metadata === undefined) return null;
  const text = toJSON(metadata, place);
  if (!text.startsWith('{'))
    throw new InvalidArgumentError(
      `${place} is an object of JSON values, not ${shownType(metadata)}; nothing was appended`,
    );
  return text === '{}' ? null : text;
}

function toJSON(value: unknown, place: string): string {
  const { json, problem, ...failure } = writeJSON(value);
  if (json === undefined)
    throw new InvalidArgumentError(
      `${place} cannot be written as JSON: ${problem}; nothing was appended`,
      failure,
    );
  if (isDeeperThan(json, maxContentLevels))
    throw new InvalidArgumentError(
      `${place} is JSON of more than ${maxContentLevels} levels; nothing was appended`,
    );
  return json;
}
