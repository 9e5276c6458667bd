export { sqliteEventStore, type SQLiteEventStoreOptions } from './sqliteEventStore.js';
export { sqliteIndexStore } from '../sqliteIndex/sqliteIndexStore.js';
export type { SQLiteIndexStore, SQLiteIndexStoreOptions } from '../sqliteIndex/sqliteIndexStore.js';
export type { LocalEventStore } from '../local/localEventStore.js';
export {
  sqliteDeliveryStore,
  type SQLiteDeliveryStoreOptions,
} from '../sqliteDeliveries/sqliteDeliveryStore.js';
