import type { WorkerContext } from '../context/context.js';

/**
 * The position at which a partition without progress begins: before the first event that a present target is to be
 * sent, so that events between a target becoming durable and the first worker are delivered too.
 */
export async function firstPosition({ access, source, isSameStore }: WorkerContext): Promise<bigint> {
  const head = (await source.head?.()) ?? 0n;
  if (!isSameStore) return head;
  // Events that the index has not applied yet come after this position.
  let first = access.indexPosition() ?? 0n;
  if (head < first) first = head;
  for (const { target } of access.durableTargets()) {
    if (target.durableSince === undefined) continue;
    const since = BigInt(target.durableSince);
    if (since < first) first = since;
  }
  return first;
}
