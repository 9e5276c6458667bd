import type { EventStoreDBClient } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import type { EventData, RecordedEvent } from '../../../src/ports.js';
import type { EventStoreDBEventStore, EventStoreDBOptions } from '../../../src/stores/eventStoreDB/index.js';
import type { DoubleOptions, EventStoreDouble } from '../../eventstoredb/double/eventStoreDouble.js';
import { startDouble } from '../../eventstoredb/double/startDouble.js';
import { connect, storeOn } from './clientUnderTest.js';

interface Fixture extends AsyncDisposable {
  readonly double: EventStoreDouble;
  readonly client: EventStoreDBClient;
  readonly store: EventStoreDBEventStore;
  /** Another client of the same server. */
  anotherClient(): EventStoreDBClient;
}

/** A double, a client that is connected to it and a store on that client; all closed at the end. */
export async function openFixture({
  double: doubleOptions,
  ...options
}: EventStoreDBOptions & { double?: DoubleOptions } = {}): Promise<Fixture> {
  const double = await startDouble(doubleOptions);
  const clients: EventStoreDBClient[] = [];
  const anotherClient = () => {
    const client = connect(double.connectionString);
    clients.push(client);
    return client;
  };
  const client = anotherClient();
  return {
    double,
    client,
    store: storeOn(client, options),
    anotherClient,
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((each) => each.dispose()));
      await double.close();
    },
  };
}

export function streamName(): string {
  return `order-${randomUUID()}`;
}

export function placed(id: string = randomUUID()): EventData & { readonly id: string } {
  return { id, type: 'order.placed', data: { total: 5 } };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function idsIn(events: AsyncIterable<RecordedEvent>): Promise<string[]> {
  return (await collect(events)).map(({ id }) => id);
}

/** The error that a promise is expected to reject with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it was expected to fail');
}

/** Whether a promise settles, which it never does without the guard. */
export async function settles(promise: Promise<unknown>, withinMs = 30_000): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, withinMs);
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, late]).finally(() => {
    clearTimeout(timer);
  });
}
