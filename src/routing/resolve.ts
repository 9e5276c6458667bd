import { CircularIncludeError, MaxIncludeDepthError } from '../errors.js';
import { includesOf, type ExecutionEntry } from '../execution/execution.js';
import type { ActiveTarget } from '../target/target.js';
import type { InstanceIndex } from './conditionIndex.js';

/** How many executions may stand in one chain of includes (rule I2; ZITADEL's limit). */
export const maxIncludeChain = 3;

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
export function resolve(index: Pick<InstanceIndex, 'entries' | 'target'>, executionID: string): Resolution {
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
export function match(
  index: Pick<InstanceIndex, 'entries' | 'target'>,
  candidateIDs: readonly string[],
): Match | undefined {
  for (const winner of candidateIDs) {
    if (!index.entries(winner)) continue;
    const resolution = resolve(index, winner);
    if (resolution.targets.length > 0) return { winner, ...resolution };
  }
  return undefined;
}

/** The longest chain upwards from an execution, itself included; never longer than is of interest. */
function longestChainAbove(
  id: string,
  includedBy: (id: string) => Iterable<string>,
  chain: readonly string[],
): readonly string[] {
  if (chain.length > maxIncludeChain) return chain;
  let longest = chain;
  for (const parent of includedBy(id)) {
    if (chain.includes(parent)) continue;
    const above = longestChainAbove(parent, includedBy, [parent, ...chain]);
    if (above.length > longest.length) longest = above;
    if (longest.length > maxIncludeChain) break;
  }
  return longest;
}

/**
 * Refuses a list that would close a circle or make a chain too long, seen downwards from the execution and upwards from
 * the executions that include it (rule I2).
 *
 * @throws {@link CircularIncludeError} @throws {@link MaxIncludeDepthError}
 */
export function assertIncludesAllowed(
  executionID: string,
  entries: readonly ExecutionEntry[],
  entriesBelow: (executionID: string) => readonly ExecutionEntry[] | undefined,
  includedBy: (executionID: string) => Iterable<string>,
): void {
  let below: readonly string[] = [executionID];

  function descend(list: readonly ExecutionEntry[] | undefined, chain: readonly string[]): void {
    if (chain.length > below.length) below = chain;
    // Concurrent writes can have made a circle elsewhere: this is deep enough to judge, and ends.
    if (chain.length > maxIncludeChain + 1) return;
    for (const include of includesOf(list ?? [])) {
      const longer = [...chain, include];
      if (chain.includes(include)) throw new CircularIncludeError(longer.slice(longer.indexOf(include)));
      descend(entriesBelow(include), longer);
    }
  }

  descend(entries, [executionID]);
  if (below.length === 1) return;
  const above = longestChainAbove(executionID, includedBy, [executionID]);
  const whole = [...above.slice(0, -1), ...below];
  if (whole.length > maxIncludeChain) throw new MaxIncludeDepthError(whole, maxIncludeChain);
}
