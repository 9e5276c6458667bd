import type { Clock } from '../../../ports.js';
import type { ClientKind } from './clientKind.js';
import type { AppendOptions, CallOptions, StreamsClient } from './streamsClient.js';

/** The arguments that every call of the store shares. */
export interface StoreConnection {
  readonly kind: ClientKind;
  /** @throws {@link EventStoreUnavailableError} when the store is closed */
  readonly client: () => StreamsClient;
  readonly clock: Clock;
  /** The options of every read and subscription. */
  readonly read: CallOptions;
  /** The options of every append. */
  readonly append: Pick<AppendOptions, 'requiresLeader' | 'deadline'>;
  /** How many events the server examines between two checkpoints. */
  readonly maxSearchWindow: number;
}
