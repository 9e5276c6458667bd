import type { WorkerContext } from '../context/context.js';

/**
 * Where a partition begins that was never worked on: before the first event that a target of now is to hear of, so that
 * what happened between a target becoming durable and the first worker is delivered too.
 */
export async function firstPosition({ access, source, isSameStore }: WorkerContext): Promise<bigint> {
  const head = (await source.head?.()) ?? 0n;
  if (!isSameStore) return head;
  // Events that the index has not seen yet come after this.
  let first = access.indexPosition() ?? 0n;
  if (head < first) first = head;
  for (const { target } of access.durableTargets()) {
    if (target.durableSince === undefined) continue;
    const since = BigInt(target.durableSince);
    if (since < first) first = since;
  }
  return first;
}
