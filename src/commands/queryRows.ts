import type { z } from 'zod';
import { executionID as idOf, storedCondition } from '../execution/condition.js';
import type { ExecutionEntry } from '../execution/execution.js';
import { resolve } from '../execution/resolve.js';
import type { InstanceIndex } from '../routing/conditionIndex.js';
import type { DatedVersion } from '../routing/rows/dates.js';
import { targetTypes } from '../target/settings.js';
import type { ActiveTarget } from '../target/target.js';
import {
  matchesName,
  type executionQuery,
  type ExecutionSortField,
  type SortDirection,
  type targetQuery,
  type TargetSortField,
} from './queryFilters.js';

/** A target or an execution as queries see it. */
export type Row<Value> = readonly [id: string, value: Value, dates: DatedVersion];

type TargetFilter = z.output<typeof targetQuery>['filter'][number];
type ExecutionFilter = z.output<typeof executionQuery>['filter'][number];
type SortKey = string | number | boolean;

export function targetRow(index: InstanceIndex, id: string): Row<ActiveTarget> | undefined {
  const [target, dates] = [index.target(id), index.dates('target', id)];
  return target && dates && [id, target, dates];
}

export function executionRow(index: InstanceIndex, id: string): Row<readonly ExecutionEntry[]> | undefined {
  const [entries, dates] = [index.entries(id), index.dates('execution', id)];
  return entries && dates && [id, entries, dates];
}

/** The ids of the targets that an execution calls: includes expanded, removed targets left out, each once. */
export const calledTargets = (
  index: InstanceIndex,
  executionID: string,
  mostTargets: number,
): readonly string[] => [
  ...new Set(resolve(index, executionID, mostTargets).targets.map(({ targetID }) => targetID)),
];

/** The existing rows of these ids: looks each up instead of scanning all. */
function* only<Value>(
  ids: Iterable<string>,
  find: (id: string) => Row<Value> | undefined,
): Iterable<Row<Value>> {
  for (const id of new Set(ids)) {
    const row = find(id);
    if (row) yield row;
  }
}

function isTarget([id, target]: Row<ActiveTarget>, { ids, name, type }: TargetFilter): boolean {
  return (
    (ids === undefined || ids.includes(id)) &&
    (type === undefined || target.type === type) &&
    (name === undefined || matchesName(name, target.name))
  );
}

/** The targets that every filter lets through. */
export function targetRows(index: InstanceIndex, filters: readonly TargetFilter[]): Row<ActiveTarget>[] {
  const ids = filters.find((filter) => filter.ids !== undefined)?.ids;
  const rows = ids ? only(ids, (id) => targetRow(index, id)) : index.targets();
  return [...rows].filter((row) => filters.every((filter) => isTarget(row, filter)));
}

/** The ids of the executions that may pass a filter; `undefined` where every execution may. */
function idsOf(
  index: InstanceIndex,
  { conditions, include }: ExecutionFilter,
): readonly string[] | undefined {
  if (conditions) return conditions.map(idOf);
  return include && [...index.includedBy(idOf(include))];
}

function executionFilter(filter: ExecutionFilter, calledBy: (executionID: string) => readonly string[]) {
  const { conditions, type, target, include, calls, callsNothing } = filter;
  const ids = conditions && new Set(conditions.map(idOf));
  const included = include && idOf(include);
  const names = (entries: readonly ExecutionEntry[], kind: ExecutionEntry['type'], id: string) =>
    entries.some(
      (entry) => (entry.type === 'target' ? entry.target : entry.include) === id && entry.type === kind,
    );
  return ([id, entries]: Row<readonly ExecutionEntry[]>): boolean => {
    if (ids && !ids.has(id)) return false;
    if (type !== undefined && id !== type && !id.startsWith(`${type}/`)) return false;
    if (target !== undefined && !names(entries, 'target', target)) return false;
    if (included !== undefined && !names(entries, 'include', included)) return false;
    if (calls === undefined && callsNothing === undefined) return true;
    const called = calledBy(id);
    return (
      (calls === undefined || called.includes(calls)) &&
      (callsNothing === undefined || callsNothing === (called.length === 0))
    );
  };
}

/** The executions that every filter lets through. */
export function executionRows(
  index: InstanceIndex,
  filters: readonly ExecutionFilter[],
  calledBy: (executionID: string) => readonly string[],
): Row<readonly ExecutionEntry[]>[] {
  const ids = filters.map((filter) => idsOf(index, filter)).find((each) => each !== undefined);
  const rows = ids ? only(ids, (id) => executionRow(index, id)) : index.executions();
  const passes = filters.map((filter) => executionFilter(filter, calledBy));
  // A stored event can have an id that no condition has; it matches nothing, and must not hide the others.
  return [...rows].filter((row) => storedCondition(row[0]) && passes.every((pass) => pass(row)));
}

const compare = (left: SortKey, right: SortKey): number => (left === right ? 0 : left < right ? -1 : 1);

/** Sorts rows; rows that compare equal are in the order of their ids, in either direction. */
export function sorted<Value>(
  rows: Row<Value>[],
  direction: SortDirection,
  keyOf: (row: Row<Value>) => SortKey,
): Row<Value>[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return rows.sort((left, right) => sign * compare(keyOf(left), keyOf(right)) || compare(left[0], right[0]));
}

export function targetKey(by: TargetSortField): (row: Row<ActiveTarget>) => SortKey {
  if (by === 'id') return ([id]) => id;
  if (by === 'name') return ([, { name }]) => name.toLowerCase();
  if (by === 'type') return ([, { type }]) => targetTypes.indexOf(type);
  if (by === 'created' || by === 'changed') return ([, , dates]) => dates[by];
  return ([, target]) => target[by];
}

export function executionKey(by: ExecutionSortField): (row: Row<unknown>) => string | number {
  return by === 'id' ? ([id]) => id : ([, , dates]) => dates[by];
}
