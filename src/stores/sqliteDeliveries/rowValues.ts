import type {
  CursorRow,
  DeadLetter,
  DeadLetterQuery,
  FailedAttempt,
  LaneRow,
} from '../../deliveries/store/deliveryStore.js';
import {
  namesOf,
  rowOf,
  storedCursor,
  storedFailure,
  storedLane,
  storedLetter,
  type StoredColumn,
  type StoredKind,
  type StoredValue,
} from '../../deliveries/store/storedRows.js';

/** A row of SQLite, with integers as bigint. */
type SQLRow = Readonly<Record<string, bigint | string | number | null>>;

/** Positions are stored as decimal digits: positions of some stores have 128 bits. */
function kept(value: StoredValue, kind: StoredKind): StoredValue {
  if (kind === 'flag') return value === true ? 1 : 0;
  return kind === 'position' && value !== null ? String(value) : value;
}

function shown(value: SQLRow[string], kind: StoredKind): StoredValue {
  if (kind === 'text') return String(value);
  if (kind === 'flag') return Number(value) === 1;
  if (kind === 'count' || kind === 'time') return Number(value);
  return value === null ? null : BigInt(value);
}

const valuesOf =
  <Row>(columns: readonly StoredColumn<Row>[]) =>
  (row: Row): readonly StoredValue[] =>
    columns.map(({ of, kind }) => kept(of(row), kind));

const readerOf =
  <Row>(columns: readonly StoredColumn<Row>[]) =>
  (row: SQLRow): Row =>
    rowOf(columns, (name, kind) => shown(row[name] ?? null, kind));

export const laneColumns = namesOf(storedLane);
export const laneValues = valuesOf<LaneRow>(storedLane);
export const laneOf = readerOf<LaneRow>(storedLane);

export const cursorColumns = namesOf(storedCursor);
export const cursorValues = valuesOf<CursorRow>(storedCursor);
export const cursorOf = readerOf<CursorRow>(storedCursor);

export const letterColumns = namesOf(storedLetter);
export const letterValues = valuesOf<DeadLetter>(storedLetter);
export const letterOf = readerOf<DeadLetter>(storedLetter);

export const failureColumns = namesOf(storedFailure);
export const failureValues = valuesOf<FailedAttempt>(storedFailure);

/** The conditions of a query and their values, in order. */
export function letterConditions(
  query: DeadLetterQuery,
): readonly [where: string, values: (string | number)[]] {
  const { partition, instanceID, targetID, stream, reason, isReplaying, after } = query;
  const wanted: readonly (readonly [condition: string, value: string | number | undefined])[] = [
    ['partition = ?', partition],
    ['instance = ?', instanceID],
    ['target = ?', targetID],
    ['stream = ?', stream],
    ['reason = ?', reason],
    ['is_replaying = ?', isReplaying === undefined ? undefined : Number(isReplaying)],
    ['id > ?', after],
  ];
  const given = wanted.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
  const where = given.length === 0 ? '1' : given.map(({ condition }) => condition).join(' AND ');
  return [where, given.map(({ value }) => value)];
}
