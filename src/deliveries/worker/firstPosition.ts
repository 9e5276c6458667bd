import { readHead } from '../../routing/readHead.js';
import type { WorkerContext } from '../context/context.js';

/** The position of the last event of the source, which has to answer within the length of a lease. */
export const headOfSource = ({
  access,
  options,
  source,
  signal,
}: WorkerContext): Promise<bigint | undefined> =>
  readHead(source, { clock: access.clock, patienceMs: options.leaseMs, signal });

/**
 * The position at which a partition without progress begins: before the first event that a present target is to be
 * sent, so that events between a target becoming durable and the first worker are delivered too.
 */
export async function firstPosition(context: WorkerContext): Promise<bigint> {
  const { access, isSameStore } = context;
  const head = (await headOfSource(context)) ?? 0n;
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
