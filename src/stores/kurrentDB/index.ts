export type { KurrentDBClientLike, KurrentDBClientSource } from './kurrentDBClientSource.js';
export { fromKurrentDB, type KurrentDBEventStore, type KurrentDBOptions } from './fromKurrentDB.js';
export { interceptKurrentDB, type InterceptKurrentDBOptions } from './interceptKurrentDB.js';
export type { InterceptingActions } from '../../hooks/hookOf.js';
