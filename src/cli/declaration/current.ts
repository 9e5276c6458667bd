import {
  executionID,
  type Actions,
  type EntryInput,
  type ExecutionView,
  type Page,
  type TargetView,
} from '../../index.js';
import { includePrefix } from '../shell/references.js';

/** The targets and executions of the instance. */
export interface Current {
  /** Sorted by name. */
  readonly targets: readonly TargetView[];
  /** Sorted by id. */
  readonly executions: readonly ExecutionView[];
}

const pageSize = 1_000;

async function all<Item>(page: (offset: number) => Promise<Page<Item>>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (;;) {
    const next = await page(items.length);
    items.push(...next.items);
    if (next.items.length === 0 || items.length >= next.total) return items;
  }
}

export async function readCurrent({ targets, executions }: Actions): Promise<Current> {
  return {
    targets: await all((offset) => targets.list({ offset, limit: pageSize, sort: { by: 'name' } })),
    executions: await all((offset) => executions.list({ offset, limit: pageSize })),
  };
}

/** An entry of a list as one word, for comparisons and output. */
export const entryKey = (entry: EntryInput): string =>
  typeof entry === 'string' ? entry : `${includePrefix}${executionID(entry.include)}`;
