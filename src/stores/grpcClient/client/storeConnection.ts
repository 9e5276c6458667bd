import type { Credentials, EventStoreDBClient } from '@eventstore/db-client';
import type { Clock } from '../../../ports.js';

/** What every call of the store needs besides its own arguments. */
export interface StoreConnection {
  /** @throws {@link EventStoreUnavailableError} when the store is closed */
  readonly client: () => EventStoreDBClient;
  readonly clock: Clock;
  /** Goes with every read and subscription. */
  readonly read: { readonly requiresLeader?: boolean; readonly credentials?: Credentials };
  /** Goes with every append. */
  readonly append: { readonly requiresLeader?: boolean; readonly deadline?: number };
  /** Events the server looks at between two checkpoints. */
  readonly maxSearchWindow: number;
}
