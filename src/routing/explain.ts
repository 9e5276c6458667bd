import { candidates, occurrenceName, type Occurrence } from '../execution/condition.js';
import type { InstanceIndex } from './conditionIndex.js';
import { resolve } from '../execution/resolve.js';

/** The targets that would be called, and why. Plain JSON. */
export interface Explanation {
  /** Execution ids that were looked for, the most specific first. */
  readonly candidates: readonly string[];
  /** The id of the execution that wins; `null` where no target is called. */
  readonly winner: string | null;
  /** The targets that would be called, in order. */
  readonly targets: readonly {
    readonly id: string;
    readonly name: string;
    /** The execution whose list names it. */
    readonly executionID: string;
  }[];
  /** The executions that were skipped, and why. */
  readonly skipped: readonly { readonly executionID: string; readonly reason: string }[];
}

export function explain(index: InstanceIndex, occurrence: Occurrence, mostTargets: number): Explanation {
  const { kind, name } = occurrenceName(occurrence);
  const ids = candidates(kind, name);
  const skipped: Explanation['skipped'][number][] = [];
  let winner: string | null = null;
  let targets: Explanation['targets'] = [];

  for (const id of ids) {
    if (winner !== null) {
      const reason = index.entries(id) ? `${winner} is more specific` : 'it does not exist';
      skipped.push({ executionID: id, reason });
      continue;
    }
    if (!index.entries(id)) {
      skipped.push({ executionID: id, reason: 'it does not exist' });
      continue;
    }
    const resolution = resolve(index, id, mostTargets);
    for (const { executionID, entry, reason } of resolution.skipped) {
      const what = entry.type === 'target' ? `target ${entry.target}` : `include ${entry.include}`;
      skipped.push({ executionID, reason: `${what}: ${reason}` });
    }
    if (resolution.targets.length === 0) {
      skipped.push({ executionID: id, reason: 'it has no target' });
      continue;
    }
    winner = id;
    targets = resolution.targets.map(({ targetID, executionID, target }) => ({
      id: targetID,
      name: target.name,
      executionID,
    }));
  }
  return { candidates: ids, winner, targets, skipped };
}
