import { isActionsError } from '../../errors.js';
import { conditionOf, type Actions, type AddedTarget, type EntryInput } from '../../index.js';
import { findTarget } from '../shell/references.js';
import type { KeyStep } from './planKeys.js';
import type { PlannedEntry, Step } from './plan.js';

export interface Carrying {
  /** Called after each step is written, with the key of an added target. */
  readonly onDone: (step: Step, added?: AddedTarget) => void;
  /** Ends the run between two steps. */
  readonly signal: AbortSignal;
}

type ExecutionStep = Extract<Step, { readonly kind: 'execution' }> | (Step & { readonly action: 'remove' });

async function entryOf(actions: Actions, entry: PlannedEntry): Promise<EntryInput> {
  if ('id' in entry) return entry.id;
  if ('include' in entry) return { include: conditionOf(entry.include) };
  return (await findTarget(actions, entry.target))?.id ?? entry.target;
}

async function carryOutExecution(actions: Actions, step: ExecutionStep): Promise<void> {
  if (step.action === 'remove') {
    await actions.executions.remove(conditionOf(step.id));
    return;
  }
  const entries: EntryInput[] = [];
  for (const entry of step.entries) entries.push(await entryOf(actions, entry));
  await actions.executions.set(conditionOf(step.id), entries);
}

async function carryOutKey({ targets }: Actions, id: string, step: KeyStep): Promise<void> {
  switch (step.action) {
    case 'addKey':
      await targets.keys.add(id, step.input);
      return;
    case 'activateKey':
      await targets.keys.activate(id, step.id);
      return;
    case 'deactivateKey':
      await targets.keys.deactivate(id, step.id);
      return;
    case 'removeKey':
      await targets.keys.remove(id, step.id);
  }
}

/** A stored list may forbid a new list until it is itself replaced: try the refused lists again. */
async function carryOutExecutions(
  actions: Actions,
  steps: readonly ExecutionStep[],
  { onDone, signal }: Carrying,
): Promise<void> {
  for (let pending = steps; pending.length > 0;) {
    const inTheWay: ExecutionStep[] = [];
    let reason: unknown;
    for (const step of pending) {
      signal.throwIfAborted();
      try {
        await carryOutExecution(actions, step);
        onDone(step);
      } catch (error) {
        if (!isActionsError(error, 'CIRCULAR_INCLUDE') && !isActionsError(error, 'MAX_INCLUDE_DEPTH'))
          throw error;
        reason = error;
        inTheWay.push(step);
      }
    }
    if (inTheWay.length === pending.length) throw reason;
    pending = inTheWay;
  }
}

/**
 * Writes step by step. Each step is written completely or not at all; after a failure the next plan holds the remaining
 * steps.
 */
export async function carryOut(actions: Actions, steps: readonly Step[], carrying: Carrying): Promise<void> {
  const { onDone, signal } = carrying;
  for (const step of steps) {
    if (step.kind !== 'key' && step.action !== 'add' && step.action !== 'change') continue;
    signal.throwIfAborted();
    if (step.kind === 'key') {
      await carryOutKey(actions, (await findTarget(actions, step.target))?.id ?? step.target, step);
      onDone(step);
    } else if (step.action === 'add') onDone(step, await actions.targets.add(step.input));
    else {
      await actions.targets.change(step.id, step.input);
      onDone(step);
    }
  }
  const isExecution = (step: Step): step is ExecutionStep => step.kind === 'execution';
  await carryOutExecutions(actions, steps.filter(isExecution), carrying);
  for (const step of steps) {
    if (step.action !== 'remove' || step.kind !== 'target') continue;
    signal.throwIfAborted();
    await actions.targets.remove(step.id);
    onDone(step);
  }
}
