import { EventStoreContractError, EventStoreUnavailableError } from '../errors.js';
import { withinTime } from '../lib/withinTime.js';
import type { Clock, EventStore, RecordedEvent } from '../ports.js';
import { shownText } from '../lib/shown/shownText.js';

/**
 * A target or an execution has a few events for each change. A store that gives more than this many events never
 * ends.
 */
const mostEvents = 1_000_000;

interface ReadAggregateOptions {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly patienceMs: number;
  /** The first version to read. @defaultValue the first event */
  readonly from?: bigint | undefined;
}

async function readAll({ store, from }: ReadAggregateOptions, stream: string, signal: AbortSignal) {
  const recorded: RecordedEvent[] = [];
  for await (const event of store.readStream(stream, { ...(from !== undefined && { from }), signal })) {
    recorded.push(event);
    if (recorded.length > mostEvents)
      throw new EventStoreContractError(
        'readStream',
        `it gave more than ${mostEvents} events of ${shownText(stream)}`,
      );
  }
  return recorded;
}

/**
 * Reads the stream of an aggregate.
 *
 * @throws {@link EventStoreUnavailableError} where the read has not ended within `patienceMs`
 * @throws {@link EventStoreContractError} where the read gives more events than an aggregate has
 */
export async function readAggregate(
  stream: string,
  options: ReadAggregateOptions,
): Promise<readonly RecordedEvent[]> {
  const { clock, patienceMs } = options;
  const late = () =>
    new EventStoreUnavailableError(
      `readStream of the event store has not ended for ${shownText(stream)} within ${patienceMs} ms; nothing was written`,
    );
  return withinTime({ clock, milliseconds: patienceMs, late }, (signal) => readAll(options, stream, signal));
}
