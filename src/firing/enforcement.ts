import { hash } from 'node:crypto';
import type { Match } from '../execution/resolve.js';
import type { ActiveTarget } from '../target/target.js';

/** Whether what targets say is applied at all. */
export type Mode = 'enforce' | 'observe';

/** A number in [0, 100) that is the same for the same operation, so that a retry draws the same lot. */
const lotOf = (operationID: string): number =>
  (parseInt(hash('sha256', operationID).slice(0, 8), 16) / 2 ** 32) * 100;

/** Whether what this target says of this operation is applied, or only watched (rule C7). */
export function isEnforced(mode: Mode, target: ActiveTarget, operationID: string): boolean {
  if (mode === 'observe' || target.enforcement === 'observe') return false;
  return target.enforcePercent >= 100 || lotOf(operationID) < target.enforcePercent;
}

/** The same for as long as the target is: what was opened for one is kept. */
const enforced = new WeakMap<ActiveTarget, ActiveTarget>();

function enforcedTarget(target: ActiveTarget): ActiveTarget {
  let full = enforced.get(target);
  if (!full) enforced.set(target, (full = { ...target, enforcement: 'enforce', enforcePercent: 100 }));
  return full;
}

/** The same targets, none of them observed. */
export const enforcedInFull = (match: Match): Match => ({
  ...match,
  targets: match.targets.map((resolved) => ({ ...resolved, target: enforcedTarget(resolved.target) })),
});
