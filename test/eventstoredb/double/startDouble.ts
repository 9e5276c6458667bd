import { EventStoreDouble, type DoubleOptions } from './eventStoreDouble.js';

/** Starts a double that answers like EventStoreDB 24.2. */
export const startDouble = async (options: DoubleOptions = {}): Promise<EventStoreDouble> => {
  const double = new EventStoreDouble(options);
  await double.start();
  return double;
};

/** Starts a leader and its followers, which share one database. */
export const startCluster = async (
  size: number,
  options: DoubleOptions = {},
): Promise<readonly [EventStoreDouble, ...EventStoreDouble[]]> => {
  const leader = await startDouble(options);
  const followers: EventStoreDouble[] = [];
  while (followers.length + 1 < size)
    followers.push(await startDouble({ ...options, port: 0, join: leader }));
  return [leader, ...followers];
};
