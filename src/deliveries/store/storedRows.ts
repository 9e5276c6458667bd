import type { CursorRow, DeadLetter, FailedAttempt, LaneRow } from './deliveryStore.js';

/**
 * The values of a column: `count` is a whole number of at most 31 bits, `time` milliseconds, `version` has 64 bits and
 * `position` up to 128, or is null.
 */
export type StoredKind = 'text' | 'count' | 'time' | 'flag' | 'version' | 'position';

export type StoredValue = string | number | boolean | bigint | null;

/** A column of a table of SQLite or PostgreSQL, for a field of a row of the port. */
export interface StoredColumn<Row> {
  readonly name: string;
  readonly kind: StoredKind;
  readonly field: keyof Row;
  readonly of: (row: Row) => StoredValue;
}

type KindOf<Value> = Value extends string
  ? 'text'
  : Value extends boolean
    ? 'flag'
    : Value extends number
      ? 'count' | 'time'
      : 'version' | 'position';

/** A column for each field: a field without one does not compile. */
type ColumnsOf<Row> = {
  readonly [Field in keyof Row]-?: readonly [name: string, kind: KindOf<Row[Field]>];
};

const columnsOf = <Row>(columns: ColumnsOf<Row>): readonly StoredColumn<Row>[] =>
  (Object.keys(columns) as (keyof Row & string)[]).map((field) => {
    const [name, kind] = columns[field];
    return { name, kind, field, of: (row) => row[field] as StoredValue };
  });

const target = { instanceID: ['instance', 'text'], targetID: ['target', 'text'] } as const;

export const storedLane = columnsOf<LaneRow>({
  ...target,
  replay: ['replay', 'text'],
  stream: ['stream', 'text'],
  unit: ['unit', 'text'],
  head: ['head', 'version'],
  isDone: ['is_done', 'flag'],
  eventID: ['event_id', 'text'],
  eventType: ['event_type', 'text'],
  created: ['head_created', 'time'],
  attempts: ['attempts', 'count'],
  faults: ['faults', 'count'],
  firstAt: ['first_at', 'time'],
  nextAt: ['next_at', 'time'],
  state: ['state', 'text'],
  status: ['status', 'count'],
  reason: ['reason', 'text'],
});

export const storedCursor = columnsOf<CursorRow>({
  ...target,
  replay: ['replay', 'text'],
  position: ['position', 'position'],
  until: ['until', 'position'],
  origin: ['origin', 'text'],
  stop: ['stop', 'text'],
  reason: ['reason', 'text'],
});

export const storedLetter = columnsOf<DeadLetter>({
  id: ['id', 'text'],
  partition: ['partition', 'count'],
  ...target,
  stream: ['stream', 'text'],
  version: ['version', 'version'],
  position: ['position', 'position'],
  eventID: ['event_id', 'text'],
  eventType: ['event_type', 'text'],
  attempts: ['attempts', 'count'],
  firstAt: ['first_at', 'time'],
  parkedAt: ['parked_at', 'time'],
  status: ['status', 'count'],
  reason: ['reason', 'text'],
  blocks: ['blocks', 'flag'],
  isReplaying: ['is_replaying', 'flag'],
});

export const storedFailure = columnsOf<FailedAttempt>({
  deliveryID: ['delivery', 'text'],
  ...target,
  at: ['at', 'time'],
  attempt: ['attempt', 'count'],
  durationMs: ['duration_ms', 'time'],
  status: ['status', 'count'],
  reason: ['reason', 'text'],
});

/** The names of the columns, as a statement lists them. */
export const namesOf = (columns: readonly { readonly name: string }[]): string =>
  columns.map(({ name }) => name).join(', ');

/** Reads a row by a function that decodes the value of a column. */
export function rowOf<Row>(
  columns: readonly StoredColumn<Row>[],
  valueOf: (name: string, kind: StoredKind) => StoredValue,
): Row {
  const row: Partial<Record<keyof Row, StoredValue>> = {};
  for (const { field, name, kind } of columns) row[field] = valueOf(name, kind);
  return row as Row;
}
