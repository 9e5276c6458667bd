import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteEventStore } from 'eventstore-actions/sqlite';
import type { DemoStore } from './store.js';

/** A SQLite file in a temporary folder, which `close` removes. */
export function openTemporarySQLite(): DemoStore {
  const folder = mkdtempSync(join(tmpdir(), 'eventstore-actions-demo-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const path = join(folder, 'events.db');
    const eventStore = sqliteEventStore({ path });
    return {
      description: `SQLite, ${path} (temporary)`,
      eventStore,
      instanceID: 'demo',
      streamName: (stream) => stream,
      guardedAppend: (actions) => {
        const guarded = actions.intercept(eventStore);
        return (stream, event, options) => guarded.append(stream, [event], options);
      },
      close: async () => {
        await eventStore.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
