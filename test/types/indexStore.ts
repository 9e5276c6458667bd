/** Compiled only: `createActions` takes the index store that `sqliteIndexStore` makes, and no other. */
import { memoryEventStore, type ActionsOptions } from 'eventstore-actions';
import { sqliteIndexStore, type SQLiteIndexStore } from 'eventstore-actions/sqlite';

const eventStore = memoryEventStore();
const indexStore: SQLiteIndexStore = sqliteIndexStore({ path: 'index.db' });

export const accepted: ActionsOptions = { eventStore, indexStore };
// @ts-expect-error an object of the user's own is no index store
export const refused: ActionsOptions = { eventStore, indexStore: { current: {}, close: () => undefined } };
