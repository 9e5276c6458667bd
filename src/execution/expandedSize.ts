import { counted } from '../lib/shown/figures.js';
import { InvalidArgumentError } from '../errors.js';
import type { ExecutionEntry } from './execution.js';
import { maxIncludeChain } from './includes.js';
import { shownText } from '../lib/shown/shownText.js';

/** The lists from which the size is computed. */
interface ListedExecutions {
  /** The list of an execution; `undefined` where it does not exist. */
  entries(executionID: string): readonly ExecutionEntry[] | undefined;
  /** The executions whose lists include this one. */
  includedBy(executionID: string): Iterable<string>;
}

/** Counts each list once at each depth, also when many lists include it. */
function createCounter(entries: ListedExecutions['entries']): (executionID: string) => number {
  const counted = new Map<string, number>();

  function count(id: string, depth: number): number {
    const key = `${depth} ${id}`;
    const known = counted.get(key);
    if (known !== undefined) return known;
    let size = 0;
    for (const entry of entries(id) ?? []) {
      if (entry.type === 'target') size++;
      else if (depth < maxIncludeChain) size += count(entry.include, depth + 1);
    }
    counted.set(key, size);
    return size;
  }

  return (id) => count(id, 1);
}

/** The executions that include this one, directly or through other executions. */
function allAbove(executionID: string, includedBy: ListedExecutions['includedBy']): readonly string[] {
  const found = new Set<string>();
  let level: readonly string[] = [executionID];
  for (let depth = 1; depth < maxIncludeChain; depth++) {
    level = level.flatMap((id) => [...includedBy(id)]).filter((id) => !found.has(id));
    for (const id of level) found.add(id);
  }
  return [...found];
}

/**
 * Refuses a list that would resolve to too many targets, or that would make an execution which includes it do so (rule
 * I4). A missing target counts as well.
 *
 * @param lists - the lists as they would be with the new one
 * @throws {@link InvalidArgumentError}
 */
export function assertExpandedSize(executionID: string, lists: ListedExecutions, mostTargets: number): void {
  const sizeOf = createCounter((id) => lists.entries(id));
  for (const id of [executionID, ...allAbove(executionID, (below) => lists.includedBy(below))]) {
    const size = sizeOf(id);
    if (size > mostTargets)
      throw new InvalidArgumentError(
        `with its includes expanded, the list of ${shownText(id)} would name ${counted(size, 'target')}; ` +
          `limits.resolvedTargets allows ${mostTargets}; nothing was written`,
      );
  }
}
