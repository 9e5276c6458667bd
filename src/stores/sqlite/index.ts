export { sqliteEventStore, type SQLiteEventStoreOptions } from './sqliteEventStore.js';
export type { LocalEventStore } from '../local/localEventStore.js';
