import { randomBytes } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import type { JSONObject } from 'eventstore-actions';
import { fromEventStoreDB, interceptClient } from 'eventstore-actions/eventstoredb';
import type { Append, DemoStore } from './store.js';

const revisionOf = (expected: Parameters<Append>[2]['expectedVersion']) =>
  typeof expected === 'bigint' ? expected : NO_STREAM;

/** A running EventStoreDB. Every run has streams of its own there, which stay. */
export function openEventStoreDB(url: string): DemoStore {
  const client = EventStoreDBClient.connectionString(url);
  const eventStore = fromEventStoreDB(client);
  const run = randomBytes(4).toString('hex');
  return {
    description: `EventStoreDB, streams named <category>_${run}-...`,
    eventStore,
    instanceID: `demo_${run}`,
    streamName: (stream) => stream.replace('-', `_${run}-`),
    guardedAppend: (actions) => {
      const guarded = interceptClient(client, actions);
      return async (stream, { id, type, data }, { expectedVersion }) => {
        const event = jsonEvent({ ...(id !== undefined && { id }), type, data: data as JSONObject });
        const { nextExpectedRevision } = await guarded.appendToStream(stream, event, {
          expectedRevision: revisionOf(expectedVersion),
        });
        return { version: nextExpectedRevision };
      };
    },
    close: async () => {
      await eventStore.close();
      await client.dispose();
    },
  };
}
