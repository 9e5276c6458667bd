import type { z } from 'zod';
import { ExecutionNotFoundError, TargetNotFoundError } from '../errors.js';
import { conditionOf, executionID as idOf, type Condition } from '../execution/condition.js';
import type { ExecutionEntry } from '../execution/execution.js';
import { parseInput } from '../lib/input.js';
import type { InstanceIndex } from '../routing/conditionIndex.js';
import type { Dates } from '../routing/dates.js';
import type { PublicKey } from '../target/publicKeys.js';
import type { ActiveTarget, TargetSettings } from '../target/target.js';
import type { EntryInput } from './executions.js';
import {
  executionQuery,
  matchesName,
  targetQuery,
  type ExecutionQuery,
  type ExecutionSortField,
  type SortDirection,
  type TargetQuery,
  type TargetSortField,
} from './queryFilters.js';

/** A target as it may be shown: no signing key, and no header value. */
export interface TargetView extends Omit<TargetSettings, 'headers'> {
  readonly id: string;
  /** Every value is `***`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly keys: readonly PublicKey[];
  /** When it was added, by the event store's clock. */
  readonly created: Date;
  /** When it was last changed: its settings, or a key of it. */
  readonly changed: Date;
}

export interface ExecutionView {
  readonly id: string;
  readonly condition: Condition;
  readonly targets: readonly EntryInput[];
  /** When it was first set since it last did not exist, by the event store's clock. */
  readonly created: Date;
  /** When it was last set. */
  readonly changed: Date;
}

export interface Page<Item> {
  /** How many the filter lets through in all, whatever the page. */
  readonly total: number;
  readonly items: readonly Item[];
}

export interface TargetQueries {
  /** @throws {@link TargetNotFoundError} */
  get(targetID: string): Promise<TargetView>;
  /**
   * Those that the filter lets through, in a stable order.
   *
   * @throws {@link InvalidArgumentError} for a query that is not understood
   */
  list(query?: TargetQuery): Promise<Page<TargetView>>;
}

export interface ExecutionQueries {
  /** @throws {@link ExecutionNotFoundError} */
  get(condition: Condition): Promise<ExecutionView>;
  /**
   * Those that the filter lets through, in a stable order.
   *
   * @throws {@link InvalidArgumentError} for a query that is not understood
   */
  list(query?: ExecutionQuery): Promise<Page<ExecutionView>>;
}

type Row<Value> = readonly [id: string, value: Value, dates: Dates];
type TargetFilter = z.output<typeof targetQuery>['filter'];
type ExecutionFilter = z.output<typeof executionQuery>['filter'];

const datesOf = ({ created, changed }: Dates) => ({
  created: new Date(created),
  changed: new Date(changed),
});

function viewOfTarget([id, target, dates]: Row<ActiveTarget>): TargetView {
  const {
    status: _status,
    signingKeys: _signingKeys,
    durableSince: _durableSince,
    headers,
    ...settings
  } = target;
  const shown = Object.fromEntries(Object.keys(headers).map((name) => [name, '***']));
  return { id, ...settings, headers: shown, ...datesOf(dates) };
}

const viewOfEntry = (entry: ExecutionEntry): EntryInput =>
  entry.type === 'target' ? entry.target : { include: conditionOf(entry.include) };

const viewOfExecution = ([id, entries, dates]: Row<readonly ExecutionEntry[]>): ExecutionView => ({
  id,
  condition: conditionOf(id),
  targets: entries.map(viewOfEntry),
  ...datesOf(dates),
});

/** Those of these ids that exist: asks for each rather than looking at all. */
function* only<Value>(
  ids: Iterable<string>,
  find: (id: string) => Row<Value> | undefined,
): Iterable<Row<Value>> {
  for (const id of new Set(ids)) {
    const row = find(id);
    if (row) yield row;
  }
}

function targetRow(index: InstanceIndex, id: string): Row<ActiveTarget> | undefined {
  const [target, dates] = [index.target(id), index.dates('target', id)];
  return target && dates && [id, target, dates];
}

function executionRow(index: InstanceIndex, id: string): Row<readonly ExecutionEntry[]> | undefined {
  const [entries, dates] = [index.entries(id), index.dates('execution', id)];
  return entries && dates && [id, entries, dates];
}

function targetRows(index: InstanceIndex, { ids, name, type }: TargetFilter): Row<ActiveTarget>[] {
  const rows = ids ? only(ids, (id) => targetRow(index, id)) : index.targets();
  return [...rows].filter(
    ([, target]) =>
      (type === undefined || target.type === type) && (name === undefined || matchesName(name, target.name)),
  );
}

function executionRows(
  index: InstanceIndex,
  { conditions, type, target, include }: ExecutionFilter,
): Row<readonly ExecutionEntry[]>[] {
  const included = include && idOf(include);
  const ids = conditions?.map(idOf) ?? (included === undefined ? undefined : index.includedBy(included));
  const rows = ids ? only(ids, (id) => executionRow(index, id)) : index.executions();
  return [...rows].filter(
    ([id, entries]) =>
      (type === undefined || id === type || id.startsWith(`${type}/`)) &&
      (target === undefined || entries.some((entry) => entry.type === 'target' && entry.target === target)) &&
      (included === undefined ||
        entries.some((entry) => entry.type === 'include' && entry.include === included)),
  );
}

const compare = <Value extends string | number | boolean>(left: Value, right: Value): number =>
  left === right ? 0 : left < right ? -1 : 1;

/** What is equal is in the order of ids, whatever the direction. */
function sorted<Value>(
  rows: Row<Value>[],
  direction: SortDirection,
  keyOf: (row: Row<Value>) => string | number | boolean,
): Row<Value>[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return rows.sort((left, right) => sign * compare(keyOf(left), keyOf(right)) || compare(left[0], right[0]));
}

function targetKey(by: TargetSortField): (row: Row<ActiveTarget>) => string | number | boolean {
  if (by === 'id') return ([id]) => id;
  if (by === 'name') return ([, { name }]) => name.toLowerCase();
  if (by === 'created' || by === 'changed') return ([, , dates]) => dates[by];
  return ([, target]) => target[by];
}

function executionKey(by: ExecutionSortField): (row: Row<unknown>) => string | number {
  return by === 'id' ? ([id]) => id : ([, , dates]) => dates[by];
}

function page<Value, Item>(
  rows: readonly Row<Value>[],
  { offset, limit }: { readonly offset: number; readonly limit: number },
  viewOf: (row: Row<Value>) => Item,
): Page<Item> {
  return { total: rows.length, items: rows.slice(offset, offset + limit).map(viewOf) };
}

/** Reads from the index of the caller's instance, which holds at least what this process wrote (rule F1). */
export function createQueries(index: () => InstanceIndex): {
  readonly targets: TargetQueries;
  readonly executions: ExecutionQueries;
} {
  return {
    targets: {
      async get(targetID) {
        const row = targetRow(index(), targetID);
        if (!row) throw new TargetNotFoundError(targetID);
        return viewOfTarget(row);
      },
      async list(query = {}) {
        const { filter, sort, ...wanted } = parseInput(targetQuery, query, 'the query');
        const rows = sorted(targetRows(index(), filter), sort.direction, targetKey(sort.by));
        return page(rows, wanted, viewOfTarget);
      },
    },
    executions: {
      async get(condition) {
        const id = idOf(condition);
        const row = executionRow(index(), id);
        if (!row) throw new ExecutionNotFoundError(id);
        return viewOfExecution(row);
      },
      async list(query = {}) {
        const { filter, sort, ...wanted } = parseInput(executionQuery, query, 'the query');
        const rows = sorted(executionRows(index(), filter), sort.direction, executionKey(sort.by));
        return page(rows, wanted, viewOfExecution);
      },
    },
  };
}
