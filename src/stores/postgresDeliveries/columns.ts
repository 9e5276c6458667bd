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
  rowOf,
  storedCursor,
  storedFailure,
  storedLane,
  storedLetter,
  type StoredColumn,
  type StoredKind,
  type StoredValue,
} from '../../deliveries/store/storedRows.js';
import { keyOf } from '../postgres/streamNames.js';
import type { Row } from '../postgres/pool.js';
import { keptText, givenText } from './text.js';

/** The types of the columns. Reading restores escaped text, and returns numerics as digits. */
const types = {
  text: 'text',
  count: 'int4',
  time: 'float8',
  flag: 'bool',
  version: 'numeric',
  position: 'numeric',
} as const satisfies Record<StoredKind, string>;

/** A column of a table, with the function that takes its value from a row. */
export interface Column<Data> {
  readonly name: string;
  readonly type: (typeof types)[StoredKind] | 'bytea';
  readonly of: (row: Data) => StoredValue | Buffer;
}

function kept(value: StoredValue, kind: StoredKind): StoredValue {
  if (kind === 'text') return keptText(String(value));
  return typeof value === 'bigint' ? String(value) : value;
}

function shown(value: StoredValue, kind: StoredKind): StoredValue {
  if (kind === 'text') return givenText(String(value));
  if (kind === 'flag') return value === true;
  if (kind === 'count' || kind === 'time') return Number(value);
  return value === null ? null : BigInt(String(value));
}

const columnsOf = <Data>(columns: readonly StoredColumn<Data>[]): readonly Column<Data>[] =>
  columns.map(({ name, kind, of }) => ({ name, type: types[kind], of: (row) => kept(of(row), kind) }));

const keyColumn = <Data>(of: (row: Data) => Buffer): Column<Data> => ({ name: 'key', type: 'bytea', of });

export const laneKeyBytes = (key: LaneKey): Buffer => keyOf(laneKey(key));
export const cursorKeyBytes = (key: CursorKey): Buffer => keyOf(cursorKey(key));

export const laneColumns = [keyColumn<LaneRow>(laneKeyBytes), ...columnsOf(storedLane)];
export const cursorColumns = [keyColumn<CursorRow>(cursorKeyBytes), ...columnsOf(storedCursor)];
export const letterColumns = columnsOf<DeadLetter>(storedLetter);
export const failureColumns = columnsOf<FailedAttempt>(storedFailure);

/** The columns of a query. Numerics are cast to text, so that a parser that the application has set cannot change them. */
export const selected = (columns: readonly Column<never>[]): string =>
  columns.map(({ name, type }) => (type === 'numeric' ? `${name}::text AS ${name}` : name)).join(', ');

const readerOf =
  <Data>(columns: readonly StoredColumn<Data>[]) =>
  (row: Row): Data =>
    rowOf(columns, (name, kind) => shown(row[name] as StoredValue, kind));

export const laneOf = readerOf<LaneRow>(storedLane);
export const cursorOf = readerOf<CursorRow>(storedCursor);
export const letterOf = readerOf<DeadLetter>(storedLetter);
