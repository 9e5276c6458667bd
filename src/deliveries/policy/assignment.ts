import { partitionCount } from '../store/deliveryStore.js';
import { hash32 } from './partitionOf.js';

/**
 * Assigns each partition to a worker, by the highest hashes of worker and partition, and at most an even share to each
 * worker. Every worker computes the same result from the same list, and a worker that joins or leaves moves few
 * partitions.
 */
export function assign(workerIDs: readonly string[]): ReadonlyMap<number, string> {
  const assigned = new Map<number, string>();
  if (workerIDs.length === 0) return assigned;
  const most = Math.ceil(partitionCount / workerIDs.length);
  const counts = new Map<string, number>();
  const pairs: { readonly partition: number; readonly id: string; readonly weight: number }[] = [];
  for (let partition = 0; partition < partitionCount; partition++)
    for (const id of workerIDs) pairs.push({ partition, id, weight: hash32(`${id} ${partition}`) });
  pairs.sort((left, right) => right.weight - left.weight || (left.id < right.id ? -1 : 1));
  for (const { partition, id } of pairs) {
    const count = counts.get(id) ?? 0;
    if (assigned.has(partition) || count >= most) continue;
    assigned.set(partition, id);
    counts.set(id, count + 1);
  }
  return assigned;
}
