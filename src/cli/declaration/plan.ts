import { InvalidArgumentError } from '../../errors.js';
import { conditionOf, executionID, type Actions, type AddTarget, type ChangeTarget } from '../../index.js';
import { includePrefix } from '../shell/references.js';
import { entryKey, readCurrent, type Current } from './current.js';
import type { Declaration, DeclaredEntry } from './declaration.js';
import type { DesiredKeys } from './desiredKeys.js';
import { desiredTarget } from './desiredTarget.js';
import { assertIncludes } from './declaredIncludes.js';
import type { JudgeTarget } from './judgeTarget.js';
import { planKeys, type KeyStep } from './planKeys.js';
import { previewTarget } from './previewTarget.js';

/** An entry of a planned list. Its target may not exist yet. */
export type PlannedEntry =
  { readonly target: string } | { readonly id: string } | { readonly include: string };

/** Options of a plan. */
export interface PlanOptions {
  /** Whether targets and executions that are not declared are removed. */
  readonly prune: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly keys: DesiredKeys;
  readonly judge: JudgeTarget;
  /** Whether stored header values can be decrypted. If not, declared values count as unchanged. */
  readonly hasKeyring: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Plan {
  readonly steps: readonly Step[];
  /** Stored header values that could not be compared, as `target <name>: headers.<name>`. */
  readonly notCompared: readonly string[];
}

/** A write of the plan. */
export type Step =
  | KeyStep
  | { readonly action: 'add'; readonly kind: 'target'; readonly name: string; readonly input: AddTarget }
  | {
      readonly action: 'change';
      readonly kind: 'target';
      readonly name: string;
      readonly id: string;
      readonly changes: readonly {
        readonly field: string;
        readonly before?: unknown;
        readonly after?: unknown;
      }[];
      readonly input: ChangeTarget;
    }
  | {
      readonly action: 'set';
      readonly kind: 'execution';
      readonly id: string;
      /** `null` where the execution does not exist. */
      readonly before: readonly string[] | null;
      readonly after: readonly string[];
      readonly entries: readonly PlannedEntry[];
    }
  | {
      readonly action: 'remove';
      readonly kind: 'target' | 'execution';
      readonly id: string;
      readonly name: string;
    };

const lower = (name: string): string => name.toLowerCase();
const refuse = (message: string): never => {
  throw new InvalidArgumentError(`${message}; nothing was written`);
};

/** Refuses two names that differ only in case: names are compared regardless of case. */
function assertDistinct(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(lower(name))) refuse(`the target ${JSON.stringify(name)} is declared twice`);
    seen.add(lower(name));
  }
}

async function planTargets(
  actions: Actions,
  { targets = {} }: Declaration,
  current: Current,
  { env, keys, judge, hasKeyring, now }: PlanOptions,
): Promise<Plan> {
  const byName = new Map(current.targets.map((target) => [lower(target.name), target]));
  const steps: Step[] = [];
  const notCompared: string[] = [];
  assertDistinct(Object.keys(targets));
  for (const [name, declared] of Object.entries(targets)) {
    const existing = byName.get(lower(name));
    const desired = desiredTarget(name, declared, existing, env);
    const { allowed, message } = actions.network.explain(desired.endpoint);
    if (!allowed) refuse(`the endpoint of target ${JSON.stringify(name)}: ${message}`);
    await judge(name, desired);
    const desiredKeys = keys.get(name);
    const { before, after } = desiredKeys
      ? planKeys(existing?.name ?? name, existing?.keys ?? [], desiredKeys, now)
      : { before: [], after: [] };
    if (!existing) {
      const headers = Object.fromEntries(
        Object.entries(desired.headers).map(([key, value]) => [key, value ?? '']),
      );
      steps.push({ action: 'add', kind: 'target', name, input: { ...desired, headers } }, ...before);
      continue;
    }
    const { fields, unknown } = await previewTarget(actions, existing, desired, hasKeyring);
    notCompared.push(...unknown.map((header) => `target ${name}: headers.${header}`));
    const changes = fields.map((field) =>
      field.startsWith('headers.')
        ? { field }
        : {
            field,
            before: existing[field as keyof typeof existing],
            after: desired[field as keyof typeof desired],
          },
    );
    const change: Step = { action: 'change', kind: 'target', name, id: existing.id, changes, input: desired };
    steps.push(...before, ...(fields.length === 0 ? [] : [change]), ...after);
  }
  return { steps, notCompared };
}

function planExecutions(
  { targets = {}, executions = {} }: Declaration,
  current: Current,
  prune: boolean,
): { readonly sets: Step[]; readonly removals: Step[] } {
  const declaredNames = new Map(Object.keys(targets).map((name) => [lower(name), name]));
  const existingByName = new Map(current.targets.map((target) => [lower(target.name), target]));
  const nameOf = new Map(current.targets.map(({ id, name }) => [id, name]));
  const lists = new Map(
    current.executions.map((execution) => [execution.id, execution.targets.map(entryKey)]),
  );
  const declared = new Map(
    Object.entries(executions).map(([id, list]) => [executionID(conditionOf(id)), list]),
  );
  const removed = prune ? [...lists.keys()].filter((id) => !declared.has(id)) : [];

  function plannedEntry(executionOf: string, entry: DeclaredEntry): PlannedEntry {
    if (typeof entry !== 'string')
      return 'id' in entry ? entry : { include: executionID(conditionOf(entry.include)) };
    const name =
      declaredNames.get(lower(entry)) ?? (prune ? undefined : existingByName.get(lower(entry))?.name);
    if (name !== undefined) return { target: name };
    return refuse(
      `${executionOf} names the target ${JSON.stringify(entry)}, which is neither declared nor ${prune ? 'kept' : 'stored'}`,
    );
  }
  const keyOf = (entry: PlannedEntry): string => {
    if ('include' in entry) return `${includePrefix}${entry.include}`;
    if ('id' in entry) return entry.id;
    return existingByName.get(lower(entry.target))?.id ?? `new ${entry.target}`;
  };
  const shown = (key: string) => nameOf.get(key) ?? key.replace(/^new /, '');

  const sets: Step[] = [];
  const final = new Map([...lists].filter(([id]) => !removed.includes(id)));
  for (const [id, list] of declared) {
    const entries = list.map((entry) => plannedEntry(id, entry));
    const keys = entries.map(keyOf);
    if (new Set(keys).size < keys.length) refuse(`the list of ${id} has an entry twice`);
    final.set(id, keys);
    const before = lists.get(id);
    if (before && before.length === keys.length && before.every((key, place) => key === keys[place]))
      continue;
    sets.push({
      action: 'set',
      kind: 'execution',
      id,
      before: before?.map(shown) ?? null,
      after: keys.map(shown),
      entries,
    });
  }
  const order = assertIncludes(final);
  const placeOf = (step: Step) => ('id' in step ? order.indexOf(step.id) : -1);
  sets.sort((left, right) => placeOf(left) - placeOf(right));
  return {
    sets,
    removals: removed.map((id) => ({ action: 'remove', kind: 'execution', id, name: id })),
  };
}

/**
 * Plans the writes that make the instance match the declaration, in an order in which the commands accept them. Writes
 * nothing.
 *
 * @throws {@link InvalidArgumentError} for a declaration that cannot be carried out
 */
export async function planOf(
  actions: Actions,
  declaration: Declaration,
  options: PlanOptions,
): Promise<Plan> {
  const { prune } = options;
  const current = await readCurrent(actions);
  const { steps, notCompared } = await planTargets(actions, declaration, current, options);
  const { sets, removals } = planExecutions(declaration, current, prune);
  const declaredNames = new Set(Object.keys(declaration.targets ?? {}).map(lower));
  const gone = prune ? current.targets.filter(({ name }) => !declaredNames.has(lower(name))) : [];
  const goneSteps = gone.map(({ id, name }): Step => ({ action: 'remove', kind: 'target', id, name }));
  return { steps: [...steps, ...sets, ...removals, ...goneSteps], notCompared };
}
