import type { ConditionIndex, InstanceIndex } from './conditionIndex.js';

/** A difference between the index that was in use and the one that the events give. */
export interface Drift {
  /** The instance that differs. */
  readonly instanceID: string;
  /** The aggregate that differs. */
  readonly kind: 'target' | 'execution';
  /** The id of the aggregate. */
  readonly id: string;
  /**
   * `missing`: the index in use lacks the aggregate; `surplus`: the aggregate does not exist; `changed`: its state
   * differs.
   */
  readonly difference: 'missing' | 'surplus' | 'changed';
}

type Rows = Iterable<readonly [id: string, value: unknown, ...rest: unknown[]]>;

function* compare(instanceID: string, kind: Drift['kind'], before: Rows, after: Rows): Iterable<Drift> {
  const old = new Map<string, unknown>();
  for (const [id, value] of before) old.set(id, value);
  for (const [id, value] of after) {
    if (!old.has(id)) yield { instanceID, kind, id, difference: 'missing' };
    else if (JSON.stringify(old.get(id)) !== JSON.stringify(value))
      yield { instanceID, kind, id, difference: 'changed' };
    old.delete(id);
  }
  for (const id of old.keys()) yield { instanceID, kind, id, difference: 'surplus' };
}

function* compareInstance(instanceID: string, before: InstanceIndex, after: InstanceIndex): Iterable<Drift> {
  yield* compare(instanceID, 'target', before.targets(), after.targets());
  yield* compare(instanceID, 'execution', before.executions(), after.executions());
}

export function driftBetween(before: ConditionIndex, after: ConditionIndex): readonly Drift[] {
  const instanceIDs = new Set([...before.instanceIDs(), ...after.instanceIDs()]);
  return [...instanceIDs].flatMap((id) => [...compareInstance(id, before.instance(id), after.instance(id))]);
}
