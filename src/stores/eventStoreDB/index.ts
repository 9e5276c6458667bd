export type { ClientSource } from './clientInternals.js';
export {
  fromEventStoreDB,
  type EventStoreDBEventStore,
  type EventStoreDBOptions,
} from './fromEventStoreDB.js';
export { interceptClient, type InterceptClientOptions, type InterceptingActions } from './interceptClient.js';
