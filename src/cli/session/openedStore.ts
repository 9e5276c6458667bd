import type { EventStoreDBClient } from '@eventstore/db-client';
import type { EventStore } from '../../index.js';

export interface OpenedStore {
  readonly store: EventStore;
  /** Of EventStoreDB. */
  readonly client?: EventStoreDBClient;
  /** The path of an SQLite file that was created. */
  readonly created?: string;
  close(): Promise<void>;
}
