import { InvalidArgumentError } from '../../errors.js';
import { includePrefix } from '../shell/references.js';

const maxChain = 3;

/**
 * Checks that all lists can be set (rule I2), before the first write.
 *
 * @returns the ids in an order that sets included executions first
 * @throws {@link InvalidArgumentError} for an include of a missing execution, a cycle, or a chain that is too long
 */
export function assertIncludes(lists: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const lengths = new Map<string, number>();
  const order: string[] = [];

  function lengthOf(id: string, chain: readonly string[]): number {
    const known = lengths.get(id);
    if (known !== undefined) return known;
    const path = [...chain, id];
    const refuse = (message: string): never => {
      throw new InvalidArgumentError(`${message}: ${path.join(' -> ')}; nothing was written`);
    };
    if (chain.includes(id)) refuse('includes form a circle');
    const list = lists.get(id);
    if (!list) return refuse(`${id} is included, but is neither declared nor stored`);
    let longest = 0;
    for (const key of list)
      if (key.startsWith(includePrefix))
        longest = Math.max(longest, lengthOf(key.slice(includePrefix.length), path));
    if (longest + 1 > maxChain) refuse(`includes may chain at most ${maxChain} executions`);
    lengths.set(id, longest + 1);
    order.push(id);
    return longest + 1;
  }

  for (const id of lists.keys()) lengthOf(id, []);
  return order;
}
