import type { ActiveTarget } from '../target/target.js';
import type { ExecutionEntry } from './execution.js';
import { maxIncludeChain } from './includes.js';

/** The reads of the index that resolving an execution needs. */
export interface Lists {
  /** The list of an execution; `undefined` where it does not exist. */
  entries(executionID: string): readonly ExecutionEntry[] | undefined;
  /** A target by its id; `undefined` where there is none. */
  target(targetID: string): ActiveTarget | undefined;
}

/** A target to call, and the execution whose list names it. */
export interface ResolvedTarget {
  readonly targetID: string;
  readonly executionID: string;
  readonly target: ActiveTarget;
}

/** An entry of a list that contributes no target. */
interface SkippedEntry {
  /** The execution whose list names it. */
  readonly executionID: string;
  readonly entry: ExecutionEntry;
  readonly reason: 'target-missing' | 'execution-missing' | 'circular' | 'too-deep' | 'too-many';
}

interface Resolution {
  readonly targets: readonly ResolvedTarget[];
  readonly skipped: readonly SkippedEntry[];
}

/** How many entries are read for each target that a list may resolve to: missing targets cost time too. */
const entriesForEachTarget = 10;

/**
 * The targets of an execution, includes expanded in their place, depth first (rules I1-I4). An entry whose target or
 * execution is gone contributes nothing. Neither does a branch that is a cycle or too deep, nor an entry above the
 * limit: only concurrent writes or a lowered limit make those.
 *
 * @param mostTargets - `limits.resolvedTargets`
 */
export function resolve(index: Lists, executionID: string, mostTargets: number): Resolution {
  const targets: ResolvedTarget[] = [];
  const skipped: SkippedEntry[] = [];
  let entriesLeft = mostTargets * entriesForEachTarget;

  function expand(id: string, entries: readonly ExecutionEntry[], chain: readonly string[]): void {
    for (const entry of entries) {
      const skip = (reason: SkippedEntry['reason']) => skipped.push({ executionID: id, entry, reason });
      if (targets.length >= mostTargets || --entriesLeft < 0) {
        skip('too-many');
        // Note one skipped entry and stop: a million entries may follow.
        return;
      }
      if (entry.type === 'target') {
        const target = index.target(entry.target);
        if (target) targets.push({ targetID: entry.target, executionID: id, target });
        else skip('target-missing');
        continue;
      }
      const included = index.entries(entry.include);
      if (!included) skip('execution-missing');
      else if (chain.includes(entry.include)) skip('circular');
      else if (chain.length === maxIncludeChain) skip('too-deep');
      else expand(entry.include, included, [...chain, entry.include]);
    }
  }

  expand(executionID, index.entries(executionID) ?? [], [executionID]);
  return { targets, skipped };
}

/** The execution that wins, and its targets. */
export interface Match extends Resolution {
  readonly winner: string;
}

/**
 * The match of one execution; `undefined` where it does not exist or resolves to no target (rule M3).
 *
 * @param onSkipped - hears of the entries that contribute nothing, also where they leave no target and so no match
 */
export function matchOf(
  index: Lists,
  executionID: string,
  mostTargets: number,
  onSkipped?: (skipped: Resolution['skipped']) => void,
): Match | undefined {
  if (!index.entries(executionID)) return undefined;
  const resolution = resolve(index, executionID, mostTargets);
  onSkipped?.(resolution.skipped);
  return resolution.targets.length > 0 ? { winner: executionID, ...resolution } : undefined;
}

/** The first candidate that resolves to a target wins, alone (rule M1). */
export function match(
  candidateIDs: readonly string[],
  find: (executionID: string) => Match | undefined,
): Match | undefined {
  for (const id of candidateIDs) {
    const found = find(id);
    if (found) return found;
  }
  return undefined;
}
