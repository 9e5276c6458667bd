import type { Actions, AppendOptions, AppendResult, EventData, EventStore } from 'eventstore-actions';
import { openEventStoreDB } from './eventStoreDBStore.js';
import { openTemporarySQLite } from './sqliteStore.js';

/** The append of the application, with the targets in front of it. */
export type Append = (stream: string, event: EventData, options: AppendOptions) => Promise<AppendResult>;

/** All that the demo knows of the store it runs on. */
export interface DemoStore {
  /** For people. */
  readonly description: string;
  /** Where targets and executions live, and what is read to check. */
  readonly eventStore: EventStore;
  /** Keeps the targets of this run apart from those of others in the same store. */
  readonly instanceID: string;
  /** Keeps the streams of this run apart from those of others in the same store. */
  streamName(stream: string): string;
  guardedAppend(actions: Actions): Append;
  close(): Promise<void>;
}

/** @param url - `esdb://...`; without one a SQLite file that lives as long as the demo */
export const openStore = (url: string | undefined): DemoStore =>
  url === undefined ? openTemporarySQLite() : openEventStoreDB(url);
