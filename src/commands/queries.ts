import { z } from 'zod';
import { ExecutionNotFoundError, TargetNotFoundError } from '../errors.js';
import { conditionOf, executionID as idOf, type Condition } from '../execution/condition.js';
import type { ExecutionEntry } from '../execution/execution.js';
import { parseInput } from '../input.js';
import type { InstanceIndex } from '../routing/conditionIndex.js';
import type { PublicKey } from '../target/publicKeys.js';
import type { ActiveTarget, TargetSettings } from '../target/target.js';
import type { EntryInput } from './executions.js';

/** A target as it may be shown: no signing key, and no header value. */
export interface TargetView extends Omit<TargetSettings, 'headers'> {
  readonly id: string;
  /** Every value is `***`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly keys: readonly PublicKey[];
}

export interface ExecutionView {
  readonly id: string;
  readonly condition: Condition;
  readonly targets: readonly EntryInput[];
}

export interface Page<Item> {
  /** How many there are in all, whatever the page. */
  readonly total: number;
  readonly items: readonly Item[];
}

export interface PageQuery {
  /** @defaultValue 0 */
  readonly offset?: number;
  /** 1 to 1 000. @defaultValue 100 */
  readonly limit?: number;
}

export interface TargetQueries {
  /** @throws {@link TargetNotFoundError} */
  get(targetID: string): Promise<TargetView>;
  /** By id, in a stable order. */
  list(query?: PageQuery): Promise<Page<TargetView>>;
}

export interface ExecutionQueries {
  /** @throws {@link ExecutionNotFoundError} */
  get(condition: Condition): Promise<ExecutionView>;
  /** By id, in a stable order. */
  list(query?: PageQuery): Promise<Page<ExecutionView>>;
}

const pageQuery = z.strictObject({
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1_000).default(100),
});

function viewOfTarget(id: string, target: ActiveTarget): TargetView {
  const { status: _status, signingKeys: _signingKeys, headers, ...settings } = target;
  return { id, ...settings, headers: Object.fromEntries(Object.keys(headers).map((name) => [name, '***'])) };
}

const viewOfEntry = (entry: ExecutionEntry): EntryInput =>
  entry.type === 'target' ? entry.target : { include: conditionOf(entry.include) };

const viewOfExecution = (id: string, entries: readonly ExecutionEntry[]): ExecutionView => ({
  id,
  condition: conditionOf(id),
  targets: entries.map(viewOfEntry),
});

function page<Row, Item>(
  rows: Iterable<readonly [id: string, row: Row]>,
  query: PageQuery,
  viewOf: (id: string, row: Row) => Item,
): Page<Item> {
  const { offset, limit } = parseInput(pageQuery, query, 'the query');
  const sorted = [...rows].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    total: sorted.length,
    items: sorted.slice(offset, offset + limit).map(([id, row]) => viewOf(id, row)),
  };
}

/** Reads from the index of the caller's instance, which holds at least what this process wrote (rule F1). */
export function createQueries(index: () => InstanceIndex): {
  readonly targets: TargetQueries;
  readonly executions: ExecutionQueries;
} {
  return {
    targets: {
      // eslint-disable-next-line @typescript-eslint/require-await -- what throws here has to reject
      async get(targetID) {
        const target = index().target(targetID);
        if (!target) throw new TargetNotFoundError(targetID);
        return viewOfTarget(targetID, target);
      },
      // eslint-disable-next-line @typescript-eslint/require-await -- what throws here has to reject
      async list(query = {}) {
        return page(index().targets(), query, viewOfTarget);
      },
    },
    executions: {
      // eslint-disable-next-line @typescript-eslint/require-await -- what throws here has to reject
      async get(condition) {
        const id = idOf(condition);
        const entries = index().entries(id);
        if (!entries) throw new ExecutionNotFoundError(id);
        return viewOfExecution(id, entries);
      },
      // eslint-disable-next-line @typescript-eslint/require-await -- what throws here has to reject
      async list(query = {}) {
        return page(index().executions(), query, viewOfExecution);
      },
    },
  };
}
