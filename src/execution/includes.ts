import { CircularIncludeError, MaxIncludeDepthError } from '../errors.js';
import { includesOf, type ExecutionEntry } from './execution.js';

/** How many executions may stand in one chain of includes (rule I2; ZITADEL's limit). */
export const maxIncludeChain = 3;

/** The length of the longest chain upwards from an execution, itself included; counting stops at the limit. */
function longestChainAbove(id: string, includedBy: (id: string) => Iterable<string>): readonly string[] {
  const seen = new Set<string>();
  let longest: readonly string[] = [id];

  function ascend(chain: readonly string[]): void {
    if (chain.length > longest.length) longest = chain;
    const [top = id] = chain;
    for (const parent of includedBy(top)) {
      if (longest.length > maxIncludeChain) return;
      const key = `${chain.length} ${parent}`;
      if (chain.includes(parent) || seen.has(key)) continue;
      seen.add(key);
      ascend([parent, ...chain]);
    }
  }

  ascend(longest);
  return longest;
}

/**
 * Refuses a list that would close a cycle or make a chain too long, downwards from the execution or upwards to the
 * executions that include it (rule I2). An execution is visited once at each depth, also when many chains reach it.
 *
 * @throws {@link CircularIncludeError}
 * @throws {@link MaxIncludeDepthError}
 */
export function assertIncludesAllowed(
  executionID: string,
  entries: readonly ExecutionEntry[],
  entriesBelow: (executionID: string) => readonly ExecutionEntry[] | undefined,
  includedBy: (executionID: string) => Iterable<string>,
): void {
  const seen = new Set<string>();
  let below: readonly string[] = [executionID];

  function descend(list: readonly ExecutionEntry[] | undefined, chain: readonly string[]): void {
    if (chain.length > below.length) below = chain;
    // Concurrent writes may have made a cycle in other lists: the limit of the depth ends the loop.
    if (chain.length > maxIncludeChain + 1) return;
    for (const include of includesOf(list ?? [])) {
      const longer = [...chain, include];
      if (chain.includes(include)) throw new CircularIncludeError(longer.slice(longer.indexOf(include)));
      const key = `${chain.length} ${include}`;
      if (seen.has(key)) continue;
      seen.add(key);
      descend(entriesBelow(include), longer);
    }
  }

  descend(entries, [executionID]);
  if (below.length === 1) return;
  const above = longestChainAbove(executionID, includedBy);
  const whole = [...above.slice(0, -1), ...below];
  if (whole.length > maxIncludeChain) throw new MaxIncludeDepthError(whole, maxIncludeChain);
}
