import type { ActiveTarget } from '../target/target.js';
import type { ExecutionEntry } from './execution.js';
import { maxIncludeChain } from './includes.js';

/** What resolving an execution asks of the index. */
export interface Lists {
  /** The list of an execution; `undefined` where it does not exist. */
  entries(executionID: string): readonly ExecutionEntry[] | undefined;
  target(targetID: string): ActiveTarget | undefined;
}

/** A target to call, and the execution whose list names it. */
export interface ResolvedTarget {
  readonly targetID: string;
  readonly executionID: string;
  readonly target: ActiveTarget;
}

/** Something that a list names and that contributes nothing. */
export interface SkippedEntry {
  /** The execution whose list names it. */
  readonly executionID: string;
  readonly entry: ExecutionEntry;
  readonly reason: 'target-missing' | 'execution-missing' | 'circular' | 'too-deep';
}

export interface Resolution {
  readonly targets: readonly ResolvedTarget[];
  readonly skipped: readonly SkippedEntry[];
}

/**
 * The targets of an execution, includes expanded in their place, depth first (rules I1-I3). What is gone contributes
 * nothing, and neither does a branch that repeats itself or is too deep, which only concurrent writes can make.
 */
export function resolve(index: Lists, executionID: string): Resolution {
  const targets: ResolvedTarget[] = [];
  const skipped: SkippedEntry[] = [];

  function expand(id: string, entries: readonly ExecutionEntry[], chain: readonly string[]): void {
    for (const entry of entries) {
      const skip = (reason: SkippedEntry['reason']) => skipped.push({ executionID: id, entry, reason });
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

/** The first candidate that resolves to a target wins, alone (rules M1, M3). */
export function match(index: Lists, candidateIDs: readonly string[]): Match | undefined {
  for (const winner of candidateIDs) {
    if (!index.entries(winner)) continue;
    const resolution = resolve(index, winner);
    if (resolution.targets.length > 0) return { winner, ...resolution };
  }
  return undefined;
}
