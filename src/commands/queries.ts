import { ExecutionNotFoundError, TargetNotFoundError } from '../errors.js';
import { conditionOf, storedCondition, executionID as idOf, type Condition } from '../execution/condition.js';
import { executionStream, type ExecutionEntry } from '../execution/execution.js';
import { nothingRead, parseInput } from '../lib/input.js';
import type { InstanceIndex } from '../routing/conditionIndex.js';
import type { DatedVersion } from '../routing/rows/dates.js';
import { shownKey, type PublicKey } from '../target/publicKeys.js';
import { targetStream, type ActiveTarget, type TargetSettings } from '../target/target.js';
import { executionAggregate, targetAggregate } from './aggregates.js';
import type { CommandHandler } from './commandHandler.js';
import type { EntryInput } from './executions.js';
import { executionQuery, targetQuery, type ExecutionQuery, type TargetQuery } from './queryFilters.js';
import {
  calledTargets,
  executionKey,
  executionRow,
  executionRows,
  sorted,
  targetKey,
  targetRow,
  targetRows,
  type Row,
} from './queryRows.js';

/** A target without its secrets: no signing key, and no header value. */
export interface TargetView extends Omit<TargetSettings, 'headers'> {
  /** Its id. */
  readonly id: string;
  /** The names of its headers; every value is `***`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its public keys, in the order they were added. */
  readonly keys: readonly PublicKey[];
  /** When it was added, by the event store's clock. */
  readonly created: Date;
  /** When its settings or one of its keys last changed, by the event store's clock. */
  readonly changed: Date;
  /** Another text after every change; see `ifRevision` of the commands. */
  readonly revision: string;
}

/** An execution as queries return it. */
export interface ExecutionView {
  /** Its id, `event/order.*` for example. */
  readonly id: string;
  /** Its condition. */
  readonly condition: Condition;
  /** Its list, as it was set. */
  readonly targets: readonly EntryInput[];
  /** The ids of the targets that it calls: includes expanded, removed targets left out, each once. */
  readonly calls: readonly string[];
  /** When it was first set since it last did not exist, by the event store's clock. */
  readonly created: Date;
  /** When it was last set. */
  readonly changed: Date;
  /** Another text after every change; see `ifRevision` of the commands. */
  readonly revision: string;
}

/** One page of a list. */
export interface Page<Item> {
  /** How many rows match the filter in all, on every page. */
  readonly total: number;
  /** The rows of the page. */
  readonly items: readonly Item[];
}

/** Reads targets. */
export interface TargetQueries {
  /**
   * Reads the event store, and so finds a target that another process has just added. @throws {@link
   * TargetNotFoundError}
   */
  get(targetID: string): Promise<TargetView>;
  /**
   * Those that the filter lets through, in a stable order.
   *
   * @throws {@link InvalidArgumentError} for a query that is not understood
   */
  list(query?: TargetQuery): Promise<Page<TargetView>>;
}

/** Reads executions. */
export interface ExecutionQueries {
  /** Reads the event store, as `targets.get` does. @throws {@link ExecutionNotFoundError} */
  get(condition: Condition): Promise<ExecutionView>;
  /**
   * Those that the filter lets through, in a stable order.
   *
   * @throws {@link InvalidArgumentError} for a query that is not understood
   */
  list(query?: ExecutionQuery): Promise<Page<ExecutionView>>;
}

const datesOf = ({ created, changed, version }: DatedVersion) => ({
  created: new Date(created),
  changed: new Date(changed),
  revision: String(version),
});

function viewOfTarget([id, target, dates]: Row<ActiveTarget>): TargetView {
  const {
    status: _status,
    signingKeys: _signingKeys,
    durableSince: _durableSince,
    headers,
    keys,
    ...settings
  } = target;
  const shown = Object.fromEntries(Object.keys(headers).map((name) => [name, '***']));
  return { id, ...settings, headers: shown, keys: keys.map(shownKey), ...datesOf(dates) };
}

/** Empty for an include whose stored id belongs to no condition: such an include contributes no target. */
function viewOfEntry(entry: ExecutionEntry): readonly EntryInput[] {
  if (entry.type === 'target') return [entry.target];
  const include = storedCondition(entry.include);
  return include ? [{ include }] : [];
}

const viewOfExecution =
  (calledBy: (executionID: string) => readonly string[]) =>
  ([id, entries, dates]: Row<readonly ExecutionEntry[]>): ExecutionView => ({
    id,
    condition: storedCondition(id) ?? conditionOf(id),
    targets: entries.flatMap(viewOfEntry),
    calls: calledBy(id),
    ...datesOf(dates),
  });

function page<Value, Item>(
  rows: readonly Row<Value>[],
  { offset, limit }: { readonly offset: number; readonly limit: number },
  viewOf: (row: Row<Value>) => Item,
): Page<Item> {
  return { total: rows.length, items: rows.slice(offset, offset + limit).map(viewOf) };
}

interface QueryOptions {
  readonly handler: Pick<CommandHandler, 'look'>;
  readonly instanceID: () => string;
  readonly index: (instanceID: string) => InstanceIndex;
  /** `limits.resolvedTargets` */
  readonly mostTargets: number;
}

/**
 * Lists come from the index of the caller's instance, which holds at least what this process wrote (rule F1). A single
 * aggregate is read from its stream first, since the index may not know yet what another process wrote.
 */
export function createQueries({ handler, instanceID, index, mostTargets }: QueryOptions): {
  readonly targets: TargetQueries;
  readonly executions: ExecutionQueries;
} {
  const callsIn = (found: InstanceIndex) => (id: string) => calledTargets(found, id, mostTargets);

  return {
    targets: {
      async get(targetID) {
        const instance = instanceID();
        await handler.look(targetAggregate, targetStream(instance, targetID));
        const row = targetRow(index(instance), targetID);
        if (!row) throw new TargetNotFoundError(targetID);
        return viewOfTarget(row);
      },
      async list(query = {}) {
        const { filter, sort, ...wanted } = parseInput(targetQuery, query, 'the query', nothingRead);
        const rows = sorted(targetRows(index(instanceID()), filter), sort.direction, targetKey(sort.by));
        return page(rows, wanted, viewOfTarget);
      },
    },
    executions: {
      async get(condition) {
        const [instance, id] = [instanceID(), idOf(condition)];
        await handler.look(executionAggregate, executionStream(instance, id));
        const found = index(instance);
        const row = executionRow(found, id);
        if (!row) throw new ExecutionNotFoundError(id);
        return viewOfExecution(callsIn(found))(row);
      },
      async list(query = {}) {
        const { filter, sort, ...wanted } = parseInput(executionQuery, query, 'the query', nothingRead);
        const found = index(instanceID());
        const calledBy = callsIn(found);
        const rows = sorted(executionRows(found, filter, calledBy), sort.direction, executionKey(sort.by));
        return page(rows, wanted, viewOfExecution(calledBy));
      },
    },
  };
}
