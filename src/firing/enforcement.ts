import { hash } from 'node:crypto';
import type { Match } from '../execution/resolve.js';
import type { ActiveTarget } from '../target/target.js';

/** Whether answers of targets are applied at all. */
export type Mode = 'enforce' | 'observe';

/** A number in [0, 100) that depends on the operation's id only, so that a retry gets the same number. */
const lotOf = (operationID: string): number =>
  (parseInt(hash('sha256', operationID).slice(0, 8), 16) / 2 ** 32) * 100;

/** Whether this target's answer to this operation is applied, or only recorded (rule C7). */
export function isEnforced(mode: Mode, target: ActiveTarget, operationID: string): boolean {
  if (mode === 'observe' || target.enforcement === 'observe') return false;
  return target.enforcePercent >= 100 || lotOf(operationID) < target.enforcePercent;
}

/** Cached for each version of a target: caches by target, such as opened secrets, then hold for the copy. */
const enforced = new WeakMap<ActiveTarget, ActiveTarget>();

function enforcedTarget(target: ActiveTarget): ActiveTarget {
  let full = enforced.get(target);
  if (!full) enforced.set(target, (full = { ...target, enforcement: 'enforce', enforcePercent: 100 }));
  return full;
}

/** The same targets, all of them enforced. */
export const enforcedInFull = (match: Match): Match => ({
  ...match,
  targets: match.targets.map((resolved) => ({ ...resolved, target: enforcedTarget(resolved.target) })),
});
