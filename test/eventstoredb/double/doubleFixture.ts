import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import type { DoubleOptions, EventStoreDouble } from './eventStoreDouble.js';
import { startDouble } from './startDouble.js';

export type DoubleFixture = AsyncDisposable & {
  readonly double: EventStoreDouble;
  readonly client: EventStoreDBClient;
};

/** A double and a client of it. */
export const openDouble = async (options: DoubleOptions = {}): Promise<DoubleFixture> => {
  const double = await startDouble(options);
  const client = EventStoreDBClient.connectionString(double.connectionString);
  return {
    double,
    client,
    [Symbol.asyncDispose]: async () => {
      // Stop the server first: after a graceful end of its batch stream, the client's own dispose would never return.
      await double.close();
    },
  };
};

/** Credentials that an insecure connection ignores; they make the client append in a call of its own. */
export const classic = { credentials: { username: 'admin', password: 'changeit' } };

export const paths = [
  ['batch', {}],
  ['classic', classic],
] as const;

export const anEvent = (id: string = randomUUID(), type = 'happened') =>
  jsonEvent({ id, type, data: { id } });

/** Whether a promise is settled by now. */
export const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  const pending = Symbol('pending');
  const settled = promise.catch(() => undefined);
  return (await Promise.race([settled, Promise.resolve(pending)])) === pending;
};

/** The error a promise is rejected with. */
export const rejection = async (promise: Promise<unknown>): Promise<Record<string, unknown>> => {
  try {
    await promise;
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error('It was not rejected');
};
