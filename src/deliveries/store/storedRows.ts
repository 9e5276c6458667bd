import type { CursorRow, DeadLetter, LaneRow, Stop } from './deliveryStore.js';

/** The values of the columns of one row, in the form of the port. */
export interface StoredValues {
  text(column: string): string;
  count(column: string): number;
  flag(column: string): boolean;
  token(column: string): bigint;
  tokenOrNull(column: string): bigint | null;
}

/** Reads a lane from the columns that SQLite and PostgreSQL stores share. */
export const storedLane = (row: StoredValues): LaneRow => ({
  instanceID: row.text('instance'),
  targetID: row.text('target'),
  replay: row.text('replay'),
  stream: row.text('stream'),
  unit: row.text('unit'),
  head: row.token('head'),
  isDone: row.flag('is_done'),
  eventID: row.text('event_id'),
  eventType: row.text('event_type'),
  created: row.count('head_created'),
  attempts: row.count('attempts'),
  faults: row.count('faults'),
  firstAt: row.count('first_at'),
  nextAt: row.count('next_at'),
  state: row.text('state') === 'blocked' ? 'blocked' : 'waiting',
  status: row.count('status'),
  reason: row.text('reason'),
});

/** Reads a cursor from the columns that SQLite and PostgreSQL stores share. */
export const storedCursor = (row: StoredValues): CursorRow => ({
  instanceID: row.text('instance'),
  targetID: row.text('target'),
  replay: row.text('replay'),
  position: row.tokenOrNull('position'),
  until: row.tokenOrNull('until'),
  origin: row.text('origin'),
  stop: row.text('stop') as Stop,
  reason: row.text('reason'),
});

/** Reads a dead letter from the columns that SQLite and PostgreSQL stores share. */
export const storedLetter = (row: StoredValues): DeadLetter => ({
  id: row.text('id'),
  partition: row.count('partition'),
  instanceID: row.text('instance'),
  targetID: row.text('target'),
  stream: row.text('stream'),
  version: row.token('version'),
  position: row.token('position'),
  eventID: row.text('event_id'),
  eventType: row.text('event_type'),
  attempts: row.count('attempts'),
  firstAt: row.count('first_at'),
  parkedAt: row.count('parked_at'),
  status: row.count('status'),
  reason: row.text('reason'),
  blocks: row.flag('blocks'),
  isReplaying: row.flag('is_replaying'),
});
