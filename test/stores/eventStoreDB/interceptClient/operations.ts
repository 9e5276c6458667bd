import type { EventStoreDBClient, JSONEventType } from '@eventstore/db-client';
import {
  START,
  eventTypeFilter,
  expecting,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from '../clientUnderTest.js';

type OrderEvent =
  | JSONEventType<'order.placed', { readonly total: number }>
  | JSONEventType<'order.paid', Record<string, never>>;

const placed = (total: number) => jsonEvent<OrderEvent>({ type: 'order.placed', data: { total } });

/**
 * An ordinary program that uses most functions of the client, with the client's own types, and returns the results.
 * It does not know the hook.
 */
export async function operations(client: EventStoreDBClient): Promise<readonly string[]> {
  const told: string[] = [];
  const tell = async (what: string, attempt: () => unknown) => {
    try {
      told.push(`${what}: ${show(await attempt())}`);
    } catch (error) {
      const { name, type } = error as Error & { type?: string };
      told.push(`${what}: ${name} ${type ?? ''}`);
    }
  };
  const read = async (
    events: AsyncIterable<{ event?: { revision: bigint; type: string } }>,
    limit = Infinity,
  ) => {
    const seen: string[] = [];
    for await (const { event } of events)
      if (event && seen.push(`${event.revision} ${event.type}`) >= limit) break;
    return seen;
  };

  await tell('append', () => client.appendToStream<OrderEvent>('order-1', placed(1)));
  await tell('append several', () => client.appendToStream('order-1', [placed(2), placed(3)], expecting(0n)));
  await tell('append none', () => client.appendToStream('order-1', []));
  await tell('append late', () => client.appendToStream('order-1', placed(4), expecting('no_stream')));
  await tell('append with credentials', () =>
    client.appendToStream('order-1', placed(5), { credentials: { username: 'ann', password: 'secret' } }),
  );
  await tell('append to nothing', () => client.appendToStream('', placed(6)));
  await tell('read', () =>
    read(client.readStream<OrderEvent>('order-1', { direction: 'backwards', fromRevision: 'end' })),
  );
  await tell('read part', () => read(client.readStream('order-1', { fromRevision: 1n, maxCount: 2 })));
  await tell('read nothing', () => read(client.readStream('order-404')));
  await tell('read all', async () =>
    (await read(client.readAll({ maxCount: 50 }))).filter((each) => !each.includes('$')),
  );
  await tell('set metadata', () => client.setStreamMetadata('order-1', { maxCount: 2, customer: 'ann' }));
  await tell(
    'get metadata',
    async () => (await client.getStreamMetadata<{ customer: string }>('order-1')).metadata,
  );
  await tell('read what is left', () => read(client.readStream('order-1')));
  await tell('follow a stream', async () => {
    const subscription = client.subscribeToStream<OrderEvent>('order-1', { fromRevision: START });
    const seen = await read(subscription, 2);
    await subscription.unsubscribe();
    return seen;
  });
  await tell('follow all', async () => {
    const subscription = client.subscribeToAll({ filter: eventTypeFilter({ prefixes: ['order.'] }) });
    const seen = await read(subscription, 2);
    await subscription.unsubscribe();
    return seen;
  });
  await tell('create a group', () =>
    client.createPersistentSubscriptionToStream(
      'order-1',
      'workers',
      persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START }),
    ),
  );
  await tell('create it again', () =>
    client.createPersistentSubscriptionToStream(
      'order-1',
      'workers',
      persistentSubscriptionToStreamSettingsFromDefaults(),
    ),
  );
  await tell('work', async () => {
    const subscription = client.subscribeToPersistentSubscriptionToStream<OrderEvent>('order-1', 'workers');
    for await (const resolved of subscription) {
      await subscription.ack(resolved);
      break;
    }
    await subscription.unsubscribe();
  });
  await tell('describe the group', async () => {
    const { groupName, eventSource } = await client.getPersistentSubscriptionToStreamInfo(
      'order-1',
      'workers',
    );
    return { groupName, eventSource };
  });
  await tell('delete the group', () => client.deletePersistentSubscriptionToStream('order-1', 'workers'));
  await tell('delete', () => client.deleteStream('order-1', { expectedRevision: 3n }));
  await tell('read the deleted', () => read(client.readStream('order-1')));
  await tell('append after it', () => client.appendToStream('order-1', placed(7)));
  await tell('tombstone', () => client.tombstoneStream('order-1'));
  await tell('append to the tombstone', () => client.appendToStream('order-1', placed(8)));
  return told;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  return JSON.stringify(value, (key, each: unknown) => {
    if (key === 'position') return 'given';
    return typeof each === 'bigint' ? `${each}n` : each;
  });
}
