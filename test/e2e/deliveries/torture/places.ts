import { EventStoreDBClient } from '@eventstore/db-client';
import type { DeliveryStore, EventStore } from '../../../../src/index.js';
import { eventDeliveryStore } from '../../../../src/index.js';
import { fromEventStoreDB } from '../../../../src/stores/eventStoreDB/index.js';
import { sqliteDeliveryStore, sqliteEventStore } from '../../../../src/stores/sqlite/index.js';

/** Where the events and the progress of a run are kept. */
export interface Places {
  readonly events: EventStore;
  readonly progress: DeliveryStore;
  close(): Promise<void>;
}

/** `sqlite:<folder>`, or a connection string of EventStoreDB. */
export function openPlaces(location: string): Places {
  if (location.startsWith('sqlite:')) {
    const folder = location.slice('sqlite:'.length);
    const events = sqliteEventStore({ path: `${folder}/events.db`, synchronous: 'NORMAL' });
    const progress = sqliteDeliveryStore({ path: `${folder}/deliveries.db` });
    return {
      events,
      progress,
      async close() {
        await progress.close();
        await events.close();
      },
    };
  }
  const client = EventStoreDBClient.connectionString(location);
  const events = fromEventStoreDB(client);
  const progress = eventDeliveryStore(events, { group: 'torture' });
  return {
    events,
    progress,
    async close() {
      await progress.close();
      await events.close();
      await client.dispose();
    },
  };
}
