import type {
  CursorRow,
  DeadLetter,
  DeadLetterQuery,
  LaneRow,
  Stop,
} from '../../deliveries/store/deliveryStore.js';

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

const text = (row: SQLRow, name: string): string => String(row[name]);
const count = (row: SQLRow, name: string): number => Number(row[name]);
const token = (row: SQLRow, name: string): bigint => BigInt(row[name] ?? 0);

export const laneOf = (row: SQLRow): LaneRow => ({
  instanceID: text(row, 'instance'),
  targetID: text(row, 'target'),
  replay: text(row, 'replay'),
  stream: text(row, 'stream'),
  unit: text(row, 'unit'),
  head: token(row, 'head'),
  isDone: count(row, 'is_done') === 1,
  eventID: text(row, 'event_id'),
  eventType: text(row, 'event_type'),
  created: count(row, 'head_created'),
  attempts: count(row, 'attempts'),
  faults: count(row, 'faults'),
  firstAt: count(row, 'first_at'),
  nextAt: count(row, 'next_at'),
  state: text(row, 'state') === 'blocked' ? 'blocked' : 'waiting',
  status: count(row, 'status'),
  reason: text(row, 'reason'),
});

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

const tokenOrNull = (row: SQLRow, name: string): bigint | null =>
  row[name] === null ? null : token(row, name);

export const cursorOf = (row: SQLRow): CursorRow => ({
  instanceID: text(row, 'instance'),
  targetID: text(row, 'target'),
  replay: text(row, 'replay'),
  position: tokenOrNull(row, 'position'),
  until: tokenOrNull(row, 'until'),
  origin: text(row, 'origin'),
  stop: text(row, 'stop') as Stop,
  reason: text(row, 'reason'),
});

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

export const letterOf = (row: SQLRow): DeadLetter => ({
  id: text(row, 'id'),
  partition: count(row, 'partition'),
  instanceID: text(row, 'instance'),
  targetID: text(row, 'target'),
  stream: text(row, 'stream'),
  version: token(row, 'version'),
  position: token(row, 'position'),
  eventID: text(row, 'event_id'),
  eventType: text(row, 'event_type'),
  attempts: count(row, 'attempts'),
  firstAt: count(row, 'first_at'),
  parkedAt: count(row, 'parked_at'),
  status: count(row, 'status'),
  reason: text(row, 'reason'),
  blocks: count(row, 'blocks') === 1,
  isReplaying: count(row, 'is_replaying') === 1,
});

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
