import type { Draft } from 'immer';
import { entriesOf, execution, executionStreamPrefix, parseExecutionEvent } from '../execution/execution.js';
import type { Execution, ExecutionEntry } from '../execution/execution.js';
import type { RecordedEvent } from '../ports.js';
import { parseTargetEvent, target, targetStreamPrefix } from '../target/target.js';
import type { ActiveTarget, Target } from '../target/target.js';

/** What routing asks of the index of one instance. */
export interface InstanceIndex {
  /** The list of an execution; `undefined` where it does not exist. */
  entries(executionID: string): readonly ExecutionEntry[] | undefined;
  target(targetID: string): ActiveTarget | undefined;
  /** The executions whose lists include this one. */
  includedBy(executionID: string): Iterable<string>;
  executions(): Iterable<readonly [id: string, entries: readonly ExecutionEntry[]]>;
  targets(): Iterable<readonly [id: string, target: ActiveTarget]>;
}

/** All targets and executions, by instance. Plain mutable maps inside, since a draft of them would cost O(n) an event. */
export interface ConditionIndex {
  instance(instanceID: string): InstanceIndex;
  instanceIDs(): Iterable<string>;
  /**
   * Applies an event of ours; one that was applied already changes nothing. `delivered` says that it came from the
   * subscription, in order, so that nothing older can follow. @throws ZodError for a malformed event, which changes nothing
   */
  apply(event: RecordedEvent, delivered: boolean): void;
  readonly sizes: { readonly targets: number; readonly executions: number };
}

/** An aggregate as far as it is known. One that is gone is kept until the subscription has told of its end. */
interface Row<State> {
  version: bigint;
  state: State;
}

interface Rows {
  readonly targets: Map<string, Row<Target>>;
  readonly executions: Map<string, Row<Execution>>;
  readonly including: Map<string, Set<string>>;
}

interface Instance extends Rows {
  readonly view: InstanceIndex;
}

const includes = (entries: readonly ExecutionEntry[]): string[] =>
  entries.flatMap((entry) => (entry.type === 'include' ? [entry.include] : []));

/** `<prefix><instanceID>.<id>`; instance ids have no dot. */
function parseStream(
  stream: string,
  prefix: string,
): { readonly instanceID: string; readonly id: string } | undefined {
  if (!stream.startsWith(prefix)) return undefined;
  const dot = stream.indexOf('.', prefix.length);
  if (dot === -1) return undefined;
  return { instanceID: stream.slice(prefix.length, dot), id: stream.slice(dot + 1) };
}

function view(instance: Rows): InstanceIndex {
  return {
    entries(executionID) {
      const state = instance.executions.get(executionID)?.state;
      return state?.status === 'set' ? state.targets : undefined;
    },
    target(targetID) {
      const state = instance.targets.get(targetID)?.state;
      return state?.status === 'active' ? state : undefined;
    },
    includedBy: (executionID) => instance.including.get(executionID) ?? [],
    *executions() {
      for (const [id, { state }] of instance.executions)
        if (state.status === 'set') yield [id, state.targets];
    },
    *targets() {
      for (const [id, { state }] of instance.targets) if (state.status === 'active') yield [id, state];
    },
  };
}

function createInstance(): Instance {
  const rows: Rows = { targets: new Map(), executions: new Map(), including: new Map() };
  return { ...rows, view: view(rows) };
}

const nothing = createInstance().view;

export function createConditionIndex(): ConditionIndex {
  const instances = new Map<string, Instance>();

  function instanceFor(instanceID: string): Instance {
    const known = instances.get(instanceID);
    if (known) return known;
    const created = createInstance();
    instances.set(instanceID, created);
    return created;
  }

  function applyTarget(instanceID: string, id: string, recorded: RecordedEvent, delivered: boolean): void {
    const event = parseTargetEvent(recorded.type, recorded.data);
    const rows = instanceFor(instanceID).targets;
    const row = rows.get(id) ?? { version: -1n, state: target.initialState() };
    if (event && recorded.version > row.version) {
      // A copy, so that an operation under way keeps the target that it matched.
      const draft = { ...row.state };
      row.state = target.evolve(draft as Draft<Target>, event) ?? draft;
      row.version = recorded.version;
      rows.set(id, row);
    }
    if (delivered && row.state.status !== 'active' && recorded.version >= row.version) rows.delete(id);
  }

  function applyExecution(instanceID: string, id: string, recorded: RecordedEvent, delivered: boolean): void {
    const event = parseExecutionEvent(recorded.type, recorded.data);
    const instance = instanceFor(instanceID);
    const row = instance.executions.get(id) ?? { version: -1n, state: execution.initialState() };
    if (event && recorded.version > row.version) {
      const before = includes(entriesOf(row.state));
      row.state = execution.evolve(row.state as Draft<Execution>, event) ?? row.state;
      row.version = recorded.version;
      instance.executions.set(id, row);
      for (const included of before) instance.including.get(included)?.delete(id);
      for (const included of includes(entriesOf(row.state))) {
        const including = instance.including.get(included) ?? new Set();
        instance.including.set(included, including.add(id));
      }
    }
    if (delivered && row.state.status !== 'set' && recorded.version >= row.version)
      instance.executions.delete(id);
  }

  return {
    instance: (instanceID) => instances.get(instanceID)?.view ?? nothing,
    instanceIDs: () => instances.keys(),
    apply(recorded, delivered) {
      const ofTarget = parseStream(recorded.stream, targetStreamPrefix);
      if (ofTarget) return applyTarget(ofTarget.instanceID, ofTarget.id, recorded, delivered);
      const ofExecution = parseStream(recorded.stream, executionStreamPrefix);
      if (ofExecution) applyExecution(ofExecution.instanceID, ofExecution.id, recorded, delivered);
    },
    get sizes() {
      let targets = 0;
      let executions = 0;
      for (const instance of instances.values()) {
        targets += instance.targets.size;
        executions += instance.executions.size;
      }
      return { targets, executions };
    },
  };
}
