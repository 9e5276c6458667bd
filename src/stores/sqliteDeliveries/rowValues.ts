import type {
  CursorRow,
  DeadLetter,
  DeadLetterQuery,
  LaneRow,
} from '../../deliveries/store/deliveryStore.js';
import {
  storedCursor,
  storedLane,
  storedLetter,
  type StoredValues,
} from '../../deliveries/store/storedRows.js';

/** A row of SQLite, with integers as bigint. */
type SQLRow = Readonly<Record<string, bigint | string | number | null>>;

export const laneColumns =
  'instance, target, replay, stream, unit, head, is_done, event_id, event_type, head_created, attempts, faults, first_at, next_at, state, status, reason';

export const laneValues = (row: LaneRow) => [
  row.instanceID,
  row.targetID,
  row.replay,
  row.stream,
  row.unit,
  row.head,
  row.isDone ? 1 : 0,
  row.eventID,
  row.eventType,
  row.created,
  row.attempts,
  row.faults,
  row.firstAt,
  row.nextAt,
  row.state,
  row.status,
  row.reason,
];

const valuesOf = (row: SQLRow): StoredValues => ({
  text: (column) => String(row[column]),
  count: (column) => Number(row[column]),
  flag: (column) => Number(row[column]) === 1,
  token: (column) => BigInt(row[column] ?? 0),
  tokenOrNull: (column) => (row[column] === null ? null : BigInt(row[column] ?? 0)),
});

export const laneOf = (row: SQLRow): LaneRow => storedLane(valuesOf(row));
export const cursorOf = (row: SQLRow): CursorRow => storedCursor(valuesOf(row));
export const letterOf = (row: SQLRow): DeadLetter => storedLetter(valuesOf(row));

export const cursorColumns = 'instance, target, replay, position, until, origin, stop, reason';

/** Positions are stored as decimal digits: positions of some stores have 128 bits. */
const digitsOrNull = (position: bigint | null): string | null =>
  position === null ? null : String(position);

export const cursorValues = (row: CursorRow) => [
  row.instanceID,
  row.targetID,
  row.replay,
  digitsOrNull(row.position),
  digitsOrNull(row.until),
  row.origin,
  row.stop,
  row.reason,
];

export const letterColumns =
  'id, partition, instance, target, stream, version, position, event_id, event_type, attempts, first_at, parked_at, status, reason, blocks, is_replaying';

export const letterValues = (letter: DeadLetter) => [
  letter.id,
  letter.partition,
  letter.instanceID,
  letter.targetID,
  letter.stream,
  letter.version,
  String(letter.position),
  letter.eventID,
  letter.eventType,
  letter.attempts,
  letter.firstAt,
  letter.parkedAt,
  letter.status,
  letter.reason,
  letter.blocks ? 1 : 0,
  letter.isReplaying ? 1 : 0,
];

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
