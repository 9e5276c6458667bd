import { InvalidArgumentError } from '../errors.js';
import { isDeeperThan, writeJSON } from '../lib/json.js';
import type { AppendOptions, EventData, ExpectedVersion } from '../ports.js';
import { eventIDOf } from './eventID.js';
import { encodingOf, type EncodedEvent } from './encodedEvent.js';

/** An append that passed every check; nothing is written yet. */
export interface ProposedAppend {
  readonly stream: string;
  readonly events: readonly EncodedEvent[];
  readonly expectedVersion: ExpectedVersion;
}

/**
 * Levels of JSON that an append may have: some engines write any number of levels, others fail with an error that is
 * not ours.
 */
const maxLevels = 5_000;
const halfSurrogatePair = /\p{Surrogate}/u;
/** Revisions and positions are unsigned 64-bit numbers in EventStoreDB. */
const largestU64 = 2n ** 64n - 1n;

/**
 * Checks everything that an append brings and writes it as JSON, once. Data follow `JSON.stringify`: a property that is
 * `undefined` is left out, a `Date` becomes its text. Events that the append hook has encoded are not encoded again.
 *
 * @throws {@link InvalidArgumentError} for an event that could not be stored and read back unchanged
 */
export function proposeAppend(
  stream: string,
  events: readonly EventData[],
  options: AppendOptions | undefined,
  generateID: () => string,
): ProposedAppend {
  const name = requireStreamName(stream);
  const expectedVersion = requireExpectedVersion(options?.expectedVersion);
  if (!Array.isArray(events)) throw new InvalidArgumentError('the events of an append are an array');
  const encoded = Array.from(events, (event: EventData, index) =>
    encode(event, `events[${index}]`, generateID),
  );
  return { stream: name, events: encoded, expectedVersion };
}

/** @throws {@link InvalidArgumentError} */
export function requireStreamName(stream: unknown): string {
  return requireText(stream, 'the stream name');
}

/** @throws {@link InvalidArgumentError} */
export function requireU64(value: unknown, what: string): bigint {
  if (typeof value !== 'bigint' || value < 0n || value > largestU64)
    throw new InvalidArgumentError(`${what} is a bigint from 0n to 2^64 - 1, not ${shown(value)}`);
  return value;
}

/** Refuses text without a UTF-8 form: a store would change it. */
export function requireText(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '')
    throw new InvalidArgumentError(`${what} is text of at least one character, not ${shown(value)}`);
  if (halfSurrogatePair.test(value))
    throw new InvalidArgumentError(`${what} has half a surrogate pair, which no store can keep`);
  return value;
}

function requireExpectedVersion(expected: unknown = 'any'): ExpectedVersion {
  if (expected === 'any' || expected === 'no-stream' || expected === 'stream-exists') return expected;
  if (typeof expected === 'bigint') return requireU64(expected, 'expectedVersion');
  throw new InvalidArgumentError(
    `expectedVersion is a bigint, 'no-stream', 'stream-exists' or 'any', not ${shown(expected)}`,
  );
}

function encode(event: EventData | null, place: string, generateID: () => string): EncodedEvent {
  if (typeof event !== 'object' || event === null)
    throw new InvalidArgumentError(`${place} is an object with type and data, not ${shown(event)}`);
  const known = encodingOf(event);
  if (known) {
    const { encoded, wasDataRead, wasMetadataRead } = known;
    return {
      ...encoded,
      ...(wasDataRead && { data: encodeData(event.data, `${place}.data`) }),
      ...(wasMetadataRead && { metadata: encodeMetadata(event.metadata, `${place}.metadata`) }),
    };
  }
  const type = requireText(event.type, `${place}.type`);
  const id = event.id === undefined ? generateID() : eventIDOf(event.id);
  if (id === undefined)
    throw new InvalidArgumentError(`${place}.id is a UUID other than the nil UUID, not ${shown(event.id)}`);
  return {
    id,
    repeatable: event.id !== undefined,
    type,
    data: encodeData(event.data, `${place}.data`),
    metadata: encodeMetadata(event.metadata, `${place}.metadata`),
  };
}

function encodeData(data: unknown, place: string): string | Uint8Array {
  const bytes = copyOfBytes(data, place);
  if (bytes) return bytes;
  if (ArrayBuffer.isView(data) || data instanceof ArrayBuffer)
    throw new InvalidArgumentError(`${place}: bytes are a Uint8Array`);
  return toJSON(data, place);
}

function copyOfBytes(data: unknown, place: string): Uint8Array | undefined {
  try {
    return data instanceof Uint8Array ? new Uint8Array(data) : undefined;
  } catch (cause) {
    // Throws for bytes that were transferred to another thread, and for a revoked Proxy.
    throw new InvalidArgumentError(`${place} cannot be read`, { cause });
  }
}

function encodeMetadata(metadata: unknown, place: string): string | null {
  if (metadata === undefined) return null;
  const text = toJSON(metadata, place);
  if (!text.startsWith('{'))
    throw new InvalidArgumentError(`${place} is an object of JSON values, not ${shown(metadata)}`);
  return text === '{}' ? null : text;
}

function toJSON(value: unknown, place: string): string {
  const { json, problem, ...failure } = writeJSON(value);
  if (json === undefined)
    throw new InvalidArgumentError(`${place} cannot be written as JSON: ${problem}`, failure);
  if (isDeeperThan(json, maxLevels))
    throw new InvalidArgumentError(`${place} is JSON of more than ${maxLevels} levels`);
  return json;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'an array';
  return value === undefined ? 'undefined' : `a value of type ${typeof value}`;
}
