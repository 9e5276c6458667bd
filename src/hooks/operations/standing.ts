import { ConcurrencyConflictError, isActionsError, StreamDeletedError } from '../../errors.js';
import type { EventStore, RecordedEvent } from '../../ports.js';

/** The outcome of the check of a stream before a target is called. */
type Standing = 'open' | 'already-written';

interface StandingOptions {
  readonly readStream: EventStore['readStream'];
  readonly stream: string;
  readonly expectedVersion: bigint | 'no-stream';
  /** The version of a stream's first event, where versions increase by one. */
  readonly firstVersion: bigint | undefined;
  /** The ids of the append's events, in order; `undefined` for an id that the store draws. */
  readonly eventIDs: readonly (string | undefined)[];
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads the tail of the stream before a target is called (rule E3): a stale append is refused at once, and an append
 * whose events are already stored calls no target. A tail that cannot be read whole decides nothing: the store will.
 *
 * @throws {@link ConcurrencyConflictError}
 * @throws {@link StreamDeletedError} as the store's own append would
 */
export async function judgeStanding(options: StandingOptions): Promise<Standing> {
  const { readStream, stream, expectedVersion, firstVersion, eventIDs, signal } = options;
  const withSignal = signal ? { signal } : {};
  let tail: RecordedEvent | undefined;
  const after: RecordedEvent[] = [];
  try {
    for await (const event of readStream(stream, { direction: 'backwards', limit: 1, ...withSignal }))
      tail = event;
    if (tail === undefined || (expectedVersion !== 'no-stream' && tail.version <= expectedVersion))
      return 'open';
    const from = expectedVersion === 'no-stream' ? {} : { from: expectedVersion };
    const limit = eventIDs.length + (expectedVersion === 'no-stream' ? 0 : 1);
    for await (const event of readStream(stream, { ...from, limit, ...withSignal })) after.push(event);
  } catch (error) {
    if (isActionsError(error, 'STREAM_DELETED')) throw new StreamDeletedError(stream, { cause: error });
    return 'open';
  }
  const start = after[0]?.version;
  if (start === undefined || start !== (expectedVersion === 'no-stream' ? firstVersion : expectedVersion))
    return 'open';
  const written = expectedVersion === 'no-stream' ? after : after.slice(1);
  const isThese =
    written.length === eventIDs.length && written.every(({ id }, place) => id === eventIDs[place]);
  if (isThese) return 'already-written';
  throw new ConcurrencyConflictError(stream, expectedVersion, tail.version);
}
