import type { Execution } from '../execution/execution.js';
import type { Target } from '../target/target.js';
import type { InstanceIndex } from './conditionIndex.js';
import type { IndexedStates, IndexRows, PlaceOf, Row } from './rows/indexRows.js';
import type { Place } from './rows/place.js';

interface Instance {
  readonly target: Map<string, Row<Target>>;
  readonly execution: Map<string, Row<Execution>>;
  /** By the id of an execution: those whose lists include it. */
  readonly including: Map<string, Set<string>>;
  readonly view: InstanceIndex;
}

/** The entry of one aggregate, and its place. */
export type PlacedRow = {
  [Kind in Place['kind']]: readonly [PlaceOf<Kind>, Row<IndexedStates[Kind]>];
}[Place['kind']];

/** Rows in memory: plain mutable maps, since a draft of them would cost O(n) an event. The states in them are frozen. */
interface MemoryRows extends IndexRows {
  instance(instanceID: string): InstanceIndex;
  instanceIDs(): Iterable<string>;
  all(): Iterable<PlacedRow>;
  readonly sizes: { readonly targets: number; readonly executions: number };
}

function viewOf({
  target: targets,
  execution: executions,
  including,
}: Omit<Instance, 'view'>): InstanceIndex {
  return {
    entries(executionID) {
      const state = executions.get(executionID)?.state;
      return state?.status === 'set' ? state.targets : undefined;
    },
    target(targetID) {
      const state = targets.get(targetID)?.state;
      return state?.status === 'active' ? state : undefined;
    },
    includedBy: (executionID) => including.get(executionID) ?? [],
    dates: (kind, id) => (kind === 'target' ? targets : executions).get(id),
    *executions() {
      for (const [id, row] of executions) if (row.state.status === 'set') yield [id, row.state.targets, row];
    },
    *targets() {
      for (const [id, row] of targets) if (row.state.status === 'active') yield [id, row.state, row];
    },
  };
}

function createInstance(): Instance {
  const rows = {
    target: new Map<string, Row<Target>>(),
    execution: new Map<string, Row<Execution>>(),
    including: new Map<string, Set<string>>(),
  };
  return { ...rows, view: viewOf(rows) };
}

const nothing = createInstance().view;

export function createMemoryRows(): MemoryRows {
  const instances = new Map<string, Instance>();

  function instanceFor(instanceID: string): Instance {
    let instance = instances.get(instanceID);
    if (!instance) instances.set(instanceID, (instance = createInstance()));
    return instance;
  }

  function rowsFor<Kind extends Place['kind']>(
    instance: Instance,
    kind: Kind,
  ): Map<string, Row<IndexedStates[Kind]>> {
    return instance[kind] as Map<string, Row<IndexedStates[Kind]>>;
  }

  return {
    get({ kind, instanceID, id }) {
      const instance = instances.get(instanceID);
      return instance && rowsFor(instance, kind).get(id);
    },
    put({ kind, instanceID, id }, row) {
      rowsFor(instanceFor(instanceID), kind).set(id, row);
    },
    delete({ kind, instanceID, id }) {
      const instance = instances.get(instanceID);
      if (!instance) return;
      instance[kind].delete(id);
      if (instance.target.size + instance.execution.size === 0) instances.delete(instanceID);
    },
    include({ instanceID, id }, included) {
      const { including } = instanceFor(instanceID);
      const from = including.get(included);
      if (from) from.add(id);
      else including.set(included, new Set([id]));
    },
    exclude({ instanceID, id }, included) {
      const including = instances.get(instanceID)?.including;
      const from = including?.get(included);
      from?.delete(id);
      if (from?.size === 0) including?.delete(included);
    },
    instance: (instanceID) => instances.get(instanceID)?.view ?? nothing,
    instanceIDs: () => instances.keys(),
    *all() {
      for (const [instanceID, { target, execution }] of instances) {
        for (const [id, row] of target) yield [{ kind: 'target', instanceID, id }, row];
        for (const [id, row] of execution) yield [{ kind: 'execution', instanceID, id }, row];
      }
    },
    get sizes() {
      let [targets, executions] = [0, 0];
      for (const { target, execution } of instances.values()) {
        targets += target.size;
        executions += execution.size;
      }
      return { targets, executions };
    },
  };
}
