import { laneKey, cursorKey } from '../../deliveries/store/keys.js';
import type {
  CursorKey,
  CursorRow,
  DeadLetter,
  FailedAttempt,
  LaneKey,
  LaneRow,
} from '../../deliveries/store/deliveryStore.js';
import {
  storedCursor,
  storedLane,
  storedLetter,
  type StoredValues,
} from '../../deliveries/store/storedRows.js';
import { keyOf } from '../postgres/streamNames.js';
import type { Row } from '../postgres/pool.js';
import { keptText, shownText } from './text.js';

/** The types of the columns. Reading restores escaped text, and returns numerics as digits. */
type ColumnType = 'text' | 'numeric' | 'int4' | 'float8' | 'bool' | 'bytea';

/** A column of a table, with the function that takes its value from a row. */
export interface Column<Data> {
  readonly name: string;
  readonly type: ColumnType;
  readonly of: (row: Data) => string | number | boolean | Buffer | null;
}

const text = <Data>(name: string, of: (row: Data) => string): Column<Data> => ({
  name,
  type: 'text',
  of: (row) => keptText(of(row)),
});
const token = <Data>(name: string, of: (row: Data) => bigint | null): Column<Data> => ({
  name,
  type: 'numeric',
  of: (row) => of(row)?.toString() ?? null,
});
const column = <Data>(name: string, type: ColumnType, of: Column<Data>['of']): Column<Data> => ({
  name,
  type,
  of,
});

export const laneKeyBytes = (key: LaneKey): Buffer => keyOf(laneKey(key));
export const cursorKeyBytes = (key: CursorKey): Buffer => keyOf(cursorKey(key));

export const laneColumns: readonly Column<LaneRow>[] = [
  column('key', 'bytea', laneKeyBytes),
  text('instance', ({ instanceID }) => instanceID),
  text('target', ({ targetID }) => targetID),
  text('replay', ({ replay }) => replay),
  text('stream', ({ stream }) => stream),
  text('unit', ({ unit }) => unit),
  token('head', ({ head }) => head),
  column('is_done', 'bool', ({ isDone }) => isDone),
  text('event_id', ({ eventID }) => eventID),
  text('event_type', ({ eventType }) => eventType),
  column('head_created', 'float8', ({ created }) => created),
  column('attempts', 'int4', ({ attempts }) => attempts),
  column('faults', 'int4', ({ faults }) => faults),
  column('first_at', 'float8', ({ firstAt }) => firstAt),
  column('next_at', 'float8', ({ nextAt }) => nextAt),
  text('state', ({ state }) => state),
  column('status', 'int4', ({ status }) => status),
  text('reason', ({ reason }) => reason),
];

export const cursorColumns: readonly Column<CursorRow>[] = [
  column('key', 'bytea', cursorKeyBytes),
  text('instance', ({ instanceID }) => instanceID),
  text('target', ({ targetID }) => targetID),
  text('replay', ({ replay }) => replay),
  token('position', ({ position }) => position),
  token('until', ({ until }) => until),
  text('origin', ({ origin }) => origin),
  text('stop', ({ stop }) => stop),
  text('reason', ({ reason }) => reason),
];

export const letterColumns: readonly Column<DeadLetter>[] = [
  text('id', ({ id }) => id),
  column('partition', 'int4', ({ partition }) => partition),
  text('instance', ({ instanceID }) => instanceID),
  text('target', ({ targetID }) => targetID),
  text('stream', ({ stream }) => stream),
  token('version', ({ version }) => version),
  token('position', ({ position }) => position),
  text('event_id', ({ eventID }) => eventID),
  text('event_type', ({ eventType }) => eventType),
  column('attempts', 'int4', ({ attempts }) => attempts),
  column('first_at', 'float8', ({ firstAt }) => firstAt),
  column('parked_at', 'float8', ({ parkedAt }) => parkedAt),
  column('status', 'int4', ({ status }) => status),
  text('reason', ({ reason }) => reason),
  column('blocks', 'bool', ({ blocks }) => blocks),
  column('is_replaying', 'bool', ({ isReplaying }) => isReplaying),
];

export const failureColumns: readonly Column<FailedAttempt>[] = [
  text('delivery', ({ deliveryID }) => deliveryID),
  text('instance', ({ instanceID }) => instanceID),
  text('target', ({ targetID }) => targetID),
  column('at', 'float8', ({ at }) => at),
  column('attempt', 'int4', ({ attempt }) => attempt),
  column('duration_ms', 'float8', ({ durationMs }) => durationMs),
  column('status', 'int4', ({ status }) => status),
  text('reason', ({ reason }) => reason),
];

/** The columns of a query. Numerics are cast to text, so that a parser that the application has set cannot change them. */
export const selected = (columns: readonly Column<never>[]): string =>
  columns.map(({ name, type }) => (type === 'numeric' ? `${name}::text AS ${name}` : name)).join(', ');

const tokenIn = (row: Row, column: string): bigint => BigInt(String(row[column]));

const valuesOf = (row: Row): StoredValues => ({
  text: (column) => shownText(String(row[column])),
  count: (column) => Number(row[column]),
  flag: (column) => row[column] === true,
  token: (column) => tokenIn(row, column),
  tokenOrNull: (column) => (row[column] === null ? null : tokenIn(row, column)),
});

export const laneOf = (row: Row): LaneRow => storedLane(valuesOf(row));
export const cursorOf = (row: Row): CursorRow => storedCursor(valuesOf(row));
export const letterOf = (row: Row): DeadLetter => storedLetter(valuesOf(row));
