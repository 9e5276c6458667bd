import type { Consumer } from './consumer.js';
import type { ConsumerStrategy } from './groupSettings.js';

/** The consumer that gets the next message; undefined while all are busy. */
export const pickConsumer = (
  consumers: readonly Consumer[],
  strategy: ConsumerStrategy,
): Consumer | undefined => {
  const free = consumers.filter(({ room }) => room > 0);
  if (strategy === 'DispatchToSingle') return free[0];
  // Pinning by stream is only a preference: the server falls back to any consumer with room.
  return free.toSorted((one, other) => one.inFlight - other.inFlight)[0];
};
