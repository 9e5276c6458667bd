import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actions, AppendOptions, AppendResult, EventData, EventStore } from 'eventstore-actions';
import { sqliteEventStore } from 'eventstore-actions/sqlite';

/** All that the demo knows of the store it runs on. */
export interface DemoStore {
  /** For people. */
  readonly description: string;
  /** Where targets and executions live, and what is read to check. */
  readonly eventStore: EventStore;
  /** The append of the application, with the targets in front of it. */
  guardedAppend(
    actions: Actions,
  ): (stream: string, event: EventData, options: AppendOptions) => Promise<AppendResult>;
  close(): Promise<void>;
}

/** A SQLite file in a temporary folder, which `close` removes. */
export function openStore(): DemoStore {
  const folder = mkdtempSync(join(tmpdir(), 'eventstore-actions-demo-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const path = join(folder, 'events.db');
    const eventStore = sqliteEventStore({ path });
    return {
      description: `SQLite, ${path}`,
      eventStore,
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
