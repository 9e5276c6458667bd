import { EventStoreUnavailableError } from '../errors.js';
import { withinTime } from '../lib/withinTime.js';
import type { Clock, EventStore } from '../ports.js';

interface ReadHeadOptions {
  readonly clock: Clock;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/**
 * The position of the last event; `undefined` for a store that cannot tell it.
 *
 * @throws {@link EventStoreUnavailableError} where the store has not answered within `patienceMs`
 * @throws the reason of `signal`
 */
export async function readHead(
  store: Pick<EventStore, 'head'>,
  { clock, patienceMs, signal }: ReadHeadOptions,
): Promise<bigint | undefined> {
  const late = () =>
    new EventStoreUnavailableError(`head of the event store has not answered within ${patienceMs} ms`);
  return withinTime({ clock, milliseconds: patienceMs, late, signal }, async () => store.head?.());
}
