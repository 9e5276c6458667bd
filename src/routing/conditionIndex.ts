import type { Draft } from 'immer';
import {
  entriesOf,
  execution,
  executionStreamPrefix,
  includesOf,
  parseExecutionEvent,
} from '../execution/execution.js';
import type { Execution, ExecutionEntry } from '../execution/execution.js';
import type { Lists } from '../execution/resolve.js';
import type { RecordedEvent } from '../ports.js';
import { parseTargetEvent, target, targetStreamPrefix } from '../target/target.js';
import type { ActiveTarget, Target } from '../target/target.js';
import { confirmDates, noteChange, type Dates } from './dates.js';
import { createFailedEvents, type FailedEvent } from './failedEvents.js';

/** What routing and queries ask of the index of one instance. */
export interface InstanceIndex extends Lists {
  /** The executions whose lists include this one. */
  includedBy(executionID: string): Iterable<string>;
  /** Of something that exists. */
  dates(kind: Place['kind'], id: string): Dates | undefined;
  executions(): Iterable<readonly [id: string, entries: readonly ExecutionEntry[], dates: Dates]>;
  targets(): Iterable<readonly [id: string, target: ActiveTarget, dates: Dates]>;
}

/** All targets and executions, by instance, and how far they are known. */
export interface ConditionIndex {
  instance(instanceID: string): InstanceIndex;
  instanceIDs(): Iterable<string>;
  /**
   * Applies an event of ours; one that was applied already changes nothing, and a malformed one is recorded as failed.
   * `delivered` says that it came from the subscription, in order, so that nothing older can follow.
   */
  apply(event: RecordedEvent, delivered: boolean): void;
  /** Notes that there is nothing of ours up to `position` that was not applied. */
  reach(position: bigint): void;
  /** Everything of ours up to here was applied. */
  readonly position: bigint | undefined;
  /** The newest position that it knows anything of: ahead of `position` where this process has just written. */
  readonly frontier: bigint | undefined;
  readonly failedEvents: readonly FailedEvent[];
  readonly sizes: { readonly targets: number; readonly executions: number };
}

/** An aggregate as far as it is known. One that is gone is kept until the subscription has told of its end. */
interface Row<State> {
  version: bigint;
  state: State;
  created: number;
  changed: number;
}

interface Rows {
  readonly targets: Map<string, Row<Target>>;
  readonly executions: Map<string, Row<Execution>>;
  readonly including: Map<string, Set<string>>;
}

/** What is known of one aggregate, by its instance and id. */
export type IndexRow = {
  readonly instanceID: string;
  readonly id: string;
  readonly version: bigint;
} & Dates &
  (
    | { readonly kind: 'target'; readonly state: Target }
    | { readonly kind: 'execution'; readonly state: Execution }
  );

/** An index in memory, which can be copied. */
export interface MemoryIndex extends ConditionIndex {
  rows(): Iterable<IndexRow>;
}

interface Instance extends Rows {
  readonly view: InstanceIndex;
}

/** An aggregate's place in the index, from its stream `<prefix><instanceID>.<id>`: instance ids have no dot. */
export interface Place {
  readonly kind: 'target' | 'execution';
  readonly instanceID: string;
  readonly id: string;
}

export function placeOf(stream: string): Place | undefined {
  const isTarget = stream.startsWith(targetStreamPrefix);
  if (!isTarget && !stream.startsWith(executionStreamPrefix)) return undefined;
  const start = isTarget ? targetStreamPrefix.length : executionStreamPrefix.length;
  const dot = stream.indexOf('.', start);
  if (dot === -1) return undefined;
  const [instanceID, id] = [stream.slice(start, dot), stream.slice(dot + 1)];
  return { kind: isTarget ? 'target' : 'execution', instanceID, id };
}

export const later = (left: bigint | undefined, right: bigint | undefined): bigint | undefined =>
  left === undefined || (right !== undefined && right > left) ? right : left;

/** The state after an event; a copy, so that an operation under way keeps what it matched. `undefined`: not its event. */
export function evolveTarget(
  state: Target,
  { type, data, created, position }: RecordedEvent,
): Target | undefined {
  const event = parseTargetEvent(type, data, created.getTime());
  if (!event) return undefined;
  const draft = { ...state };
  return durableFrom(state, target.evolve(draft as Draft<Target>, event) ?? draft, position);
}

/** Notes the event that made a target durable: `deliverFrom: 'now'` means after it. */
function durableFrom(before: Target, after: Target, position: bigint): Target {
  if (after.status !== 'active' || after.delivery !== 'durable') return after;
  const since = before.status === 'active' && before.delivery === 'durable' ? before.durableSince : undefined;
  return { ...after, durableSince: since ?? String(position) };
}

/** As {@link evolveTarget}. */
export function evolveExecution(state: Execution, { type, data }: RecordedEvent): Execution | undefined {
  const event = parseExecutionEvent(type, data);
  return event && (execution.evolve(state as Draft<Execution>, event) ?? state);
}

function viewOf({ targets, executions, including }: Rows): InstanceIndex {
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
  const rows: Rows = { targets: new Map(), executions: new Map(), including: new Map() };
  return { ...rows, view: viewOf(rows) };
}

const nothing = createInstance().view;

const newRow = <State>(state: State): Row<State> => ({ version: -1n, state, created: 0, changed: 0 });

/** An index in memory: plain mutable maps inside, since a draft of them would cost O(n) an event. */
export function createConditionIndex(): MemoryIndex {
  const instances = new Map<string, Instance>();
  const failed = createFailedEvents();
  let position: bigint | undefined;
  let frontier: bigint | undefined;

  function instanceFor(instanceID: string): Instance {
    let instance = instances.get(instanceID);
    if (!instance) instances.set(instanceID, (instance = createInstance()));
    return instance;
  }

  function applyTarget({ targets }: Rows, id: string, event: RecordedEvent, delivered: boolean): void {
    const row = targets.get(id) ?? newRow<Target>(target.initialState());
    const state = event.version > row.version ? evolveTarget(row.state, event) : undefined;
    if (state) {
      noteChange(row, row.state.status === 'active', event.created.getTime());
      targets.set(id, Object.assign(row, { state, version: event.version }));
    } else if (delivered && event.version === row.version) confirmDates(row, event.created.getTime());
    if (delivered && row.state.status !== 'active' && event.version >= row.version) targets.delete(id);
  }

  function applyExecution(
    { executions, including }: Rows,
    id: string,
    event: RecordedEvent,
    delivered: boolean,
  ): void {
    const row = executions.get(id) ?? newRow<Execution>(execution.initialState());
    const state = event.version > row.version ? evolveExecution(row.state, event) : undefined;
    if (state) {
      for (const included of includesOf(entriesOf(row.state))) including.get(included)?.delete(id);
      for (const included of includesOf(entriesOf(state))) {
        let from = including.get(included);
        if (!from) including.set(included, (from = new Set()));
        from.add(id);
      }
      noteChange(row, row.state.status === 'set', event.created.getTime());
      executions.set(id, Object.assign(row, { state, version: event.version }));
    } else if (delivered && event.version === row.version) confirmDates(row, event.created.getTime());
    if (delivered && row.state.status !== 'set' && event.version >= row.version) executions.delete(id);
  }

  return {
    instance: (instanceID) => instances.get(instanceID)?.view ?? nothing,
    instanceIDs: () => instances.keys(),
    apply(event, delivered) {
      // A resubscription may bring back what was applied; without this, what was removed since would come back with it.
      if (position !== undefined && event.position <= position) return;
      const place = placeOf(event.stream);
      failed.guard(event, () => {
        if (place?.kind === 'target') applyTarget(instanceFor(place.instanceID), place.id, event, delivered);
        if (place?.kind === 'execution')
          applyExecution(instanceFor(place.instanceID), place.id, event, delivered);
      });
      frontier = later(frontier, event.position);
      if (delivered) position = event.position;
    },
    reach(reached) {
      position = later(position, reached);
      frontier = later(frontier, reached);
    },
    get position() {
      return position;
    },
    get frontier() {
      return frontier;
    },
    failedEvents: failed.events,
    *rows() {
      for (const [instanceID, { targets, executions }] of instances) {
        for (const [id, row] of targets) yield { kind: 'target', instanceID, id, ...row };
        for (const [id, row] of executions) yield { kind: 'execution', instanceID, id, ...row };
      }
    },
    get sizes() {
      let [targets, executions] = [0, 0];
      for (const instance of instances.values()) {
        targets += instance.targets.size;
        executions += instance.executions.size;
      }
      return { targets, executions };
    },
  };
}
