import { EventStoreDBClient } from '@eventstore/db-client';
import pg from 'pg';
import type { DeliveryStore, EventStore } from '../../../../src/index.js';
import { eventDeliveryStore } from '../../../../src/index.js';
import { fromEventStoreDB } from '../../../../src/stores/eventStoreDB/index.js';
import { postgresDeliveryStore, postgresEventStore } from '../../../../src/stores/postgres/index.js';
import { sqliteDeliveryStore, sqliteEventStore } from '../../../../src/stores/sqlite/index.js';

/** The stores of the events and the progress of a run. */
interface Places {
  readonly events: EventStore;
  readonly progress: DeliveryStore;
  close(): Promise<void>;
}

/** `sqlite:<folder>`, a URL of PostgreSQL, or a connection string of EventStoreDB. */
export async function openPlaces(location: string): Promise<Places> {
  if (location.startsWith('postgres')) return openPostgres(location);
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

/** Events and progress share a schema and a pool. */
async function openPostgres(connectionString: string): Promise<Places> {
  const pool = new pg.Pool({ connectionString, max: 4 });
  pool.on('error', () => undefined);
  const events = await postgresEventStore({ pool, schema: 'torture' });
  const progress = postgresDeliveryStore({ pool, schema: 'torture' });
  return {
    events,
    progress,
    async close() {
      await progress.close();
      await events.close();
      await pool.end();
    },
  };
}
