import type { EventStoreDBClient } from '@eventstore/db-client';
import type { EventStore } from '../../index.js';

export interface OpenedStore {
  readonly store: EventStore;
  /** Of EventStoreDB. */
  readonly client?: EventStoreDBClient;
  close(): Promise<void>;
}
