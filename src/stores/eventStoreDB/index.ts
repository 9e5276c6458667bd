export type { ClientSource, EventStoreDBClientLike } from './eventStoreDBClientSource.js';
export {
  fromEventStoreDB,
  type EventStoreDBEventStore,
  type EventStoreDBOptions,
} from './fromEventStoreDB.js';
export { interceptClient, type InterceptClientOptions } from './interceptClient.js';
export type { InterceptingActions } from '../../hooks/hookOf.js';
