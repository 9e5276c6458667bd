import { abortable } from '../../../lib/abortable.js';
import {
  AppendTooLargeError,
  EventStoreUnavailableError,
  OutcomeUnknownError,
  ConcurrencyConflictError,
  isActionsError,
} from '../../../errors.js';
import type { AppendResult, ExpectedVersion, JSONValue } from '../../../ports.js';
import type { EncodedEvent } from '../../../events/encodedEvent.js';
import type { ProposedAppend } from '../../../events/proposedAppend.js';
import { batchGuardOf } from './batchGuard.js';
import { certainFailure } from '../client/clientErrors.js';
import { guardedAppend } from './guardedAppend.js';
import { highestRevision, readStream } from '../reading/readStream.js';
import type { StoreConnection } from '../client/storeConnection.js';
import type { ClientEvent, StreamState } from '../client/streamsClient.js';
import { thrownText } from '../../../lib/reading/shownValue.js';
import { shownText } from '../../../lib/shown/shownText.js';

/**
 * The server does not read a longer append: it closes the batch stream, and with it every pending append on that stream.
 */
const largestAppendBytes = 16 * 1024 * 1024;
/** How many of the last events of a stream are searched for an append without an exact expectation. */
const lookBack = 1_000;

/** Sends an append once and returns its outcome. See `fromEventStoreDB` for the meaning of each error. */
export async function appendOnce(
  connection: StoreConnection,
  proposed: ProposedAppend,
  signal: AbortSignal | undefined,
): Promise<AppendResult> {
  const { stream, events, expectedVersion } = proposed;
  assertSize(proposed);
  const { kind, clock } = connection;
  const client = connection.client();
  try {
    const sent = guardedAppend(
      { kind, client, clock },
      {
        stream,
        events: events.map(toClientEvent),
        options: { ...connection.append, [kind.expectation]: toState(expectedVersion) },
      },
    );
    const result = await abortable(sent, signal);
    if (!result.success) throw refusedWithoutError(proposed, result.nextExpectedRevision);
    return toResult(result.nextExpectedRevision, result.position?.commit, events.length);
  } catch (error) {
    if (isActionsError(error)) throw error;
    signal?.throwIfAborted();
    const guard = batchGuardOf(client, clock);
    const failure = certainFailure(error, {
      stream,
      expectedVersion,
      product: kind.product,
      usesBatch: kind.usesBatch(client, undefined),
      refusedAtOnce: (raw) => guard.refusedAtOnce(raw),
    });
    if (failure !== undefined) throw failure;
    return await unknownOutcome(connection, proposed, signal, error);
  }
}

/**
 * The caller can safely repeat an append with an exact expectation. Without one the server may have forgotten the ids, and
 * repeating could write the events twice: the stream is searched once.
 */
async function unknownOutcome(
  connection: StoreConnection,
  { stream, events, expectedVersion }: ProposedAppend,
  signal: AbortSignal | undefined,
  cause: unknown,
): Promise<AppendResult> {
  const detail = thrownText(cause) || (cause as Error).constructor.name;
  if (events.length === 0)
    throw new EventStoreUnavailableError(
      `${connection.kind.product} did not answer the empty append to ${shownText(stream)}; there was nothing to write (${detail})`,
      { cause },
    );
  if (expectedVersion === 'any' || expectedVersion === 'stream-exists') {
    const found = await lookFor(connection, stream, events, signal);
    if (found !== undefined) return found;
  }
  const ids = events.map(({ id }) => id);
  throw new OutcomeUnknownError(stream, ids, expectedVersion, { cause, detail });
}

async function lookFor(
  connection: StoreConnection,
  stream: string,
  events: readonly EncodedEvent[],
  signal: AbortSignal | undefined,
): Promise<AppendResult | undefined> {
  const missing = new Set(events.map(({ id }) => id));
  let last: AppendResult | undefined;
  try {
    const options = { direction: 'backwards', limit: lookBack, ...(signal && { signal }) } as const;
    for await (const { id, version, position } of readStream(connection, stream, options)) {
      if (!missing.delete(id)) continue;
      last ??= { version, position };
      if (missing.size === 0) return last;
    }
  } catch {
    // The read failed: the outcome stays unknown.
    signal?.throwIfAborted();
  }
  return undefined;
}

function assertSize({ stream, events }: ProposedAppend): void {
  let bytes = 0;
  for (const { data, metadata } of events) bytes += data.length + (metadata?.length ?? 0);
  if (bytes > largestAppendBytes) throw new AppendTooLargeError(stream, largestAppendBytes);
}

function toClientEvent({ id, type, data, metadata }: EncodedEvent): ClientEvent {
  const isJSON = typeof data === 'string';
  return {
    id,
    type,
    contentType: isJSON ? 'application/json' : 'application/octet-stream',
    data: isJSON ? (JSON.parse(data) as JSONValue) : data,
    metadata: metadata === null ? undefined : (JSON.parse(metadata) as JSONValue),
  };
}

function toState(expected: ExpectedVersion): StreamState {
  if (expected === 'any') return 'any';
  if (expected === 'no-stream') return 'no_stream';
  if (expected === 'stream-exists') return 'stream_exists';
  return expected > highestRevision ? highestRevision : expected;
}

function toResult(version: bigint, position: bigint | undefined, count: number): AppendResult {
  return count === 0 || position === undefined ? { version } : { version, position };
}

/**
 * The conflict of a client built with `throwOnAppendFailure: false`. On the batch stream its result does not have the
 * version of the stream.
 */
function refusedWithoutError(
  { stream, expectedVersion }: ProposedAppend,
  next: bigint,
): ConcurrencyConflictError {
  return new ConcurrencyConflictError(stream, expectedVersion, next < 0n ? 'no-stream' : undefined);
}
