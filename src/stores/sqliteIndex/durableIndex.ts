import type Database from 'better-sqlite3';
import { entriesOf, includesOf, type Execution, type ExecutionEntry } from '../../execution/execution.js';
import type { RecordedEvent } from '../../ports.js';
import {
  evolveExecution,
  evolveTarget,
  later,
  placeOf,
  type ConditionIndex,
  type InstanceIndex,
  type Place,
} from '../../routing/conditionIndex.js';
import { confirmDates, noteChange, type Dates } from '../../routing/dates.js';
import { createFailedEvents } from '../../routing/failedEvents.js';
import type { ActiveTarget, Target } from '../../target/target.js';
import { createStatements, type DatedRow, type Statements } from './statements.js';
import type { Writes } from './writes.js';

/** Targets are handed out as the same object until they change: their opened secrets hang on it. */
const rememberedTargets = 10_000;

const datesOf = ({ created, changed }: DatedRow) => ({ created: Number(created), changed: Number(changed) });

function datesAfter(row: DatedRow | undefined, existed: boolean, event: RecordedEvent): Dates {
  const dates = row ? datesOf(row) : { created: 0, changed: 0 };
  noteChange(dates, existed, event.created.getTime());
  return dates;
}

function confirm(
  update: Statements['dateTarget'],
  row: DatedRow,
  event: RecordedEvent,
  instanceID: string,
): void {
  const dates = datesOf(row);
  confirmDates(dates, event.created.getTime());
  update.run({ ...dates, instanceID, id: row.id });
}

function viewOf(sql: Statements, instanceID: string): InstanceIndex {
  const remembered = new Map<string, { readonly version: bigint; readonly target: ActiveTarget }>();

  return {
    entries(executionID) {
      const row = sql.execution.get(instanceID, executionID);
      return row?.status === 'set' ? (JSON.parse(row.targets) as readonly ExecutionEntry[]) : undefined;
    },
    target(targetID) {
      const row = sql.target.get(instanceID, targetID);
      if (row?.status !== 'active') return undefined;
      const known = remembered.get(targetID);
      if (known?.version === row.version) return known.target;
      if (remembered.size >= rememberedTargets) remembered.clear();
      const target = JSON.parse(row.state) as ActiveTarget;
      remembered.set(targetID, { version: row.version, target });
      return target;
    },
    includedBy: (executionID) => sql.includedBy.all(instanceID, executionID),
    dates(kind, id) {
      const row = sql[kind].get(instanceID, id);
      return row && datesOf(row);
    },
    *executions() {
      for (const row of sql.executions.all(instanceID))
        yield [row.id, JSON.parse(row.targets) as readonly ExecutionEntry[], datesOf(row)];
    },
    *targets() {
      for (const row of sql.targets.all(instanceID))
        yield [row.id, JSON.parse(row.state) as ActiveTarget, datesOf(row)];
    },
  };
}

/** The index of one generation of rows: of `generation`, or of whichever is in use at the moment of each look. */
export function createDurableIndex(
  db: Database.Database,
  writes: Writes,
  generation?: number,
): ConditionIndex {
  const sql = createStatements(db, generation);
  const views = new Map<string, InstanceIndex>();
  let position: bigint | undefined;
  let seen = 0;

  /** An event that cannot be understood is recorded as failed; what SQLite throws is no fault of the event. */
  function understood<State>(event: RecordedEvent, evolve: () => State | undefined): State | undefined {
    const failed = createFailedEvents();
    let state: State | undefined;
    failed.guard(event, () => {
      state = evolve();
    });
    for (const { stream, version, position: at, type, reason } of failed.events)
      sql.putFailed.run(stream, version, at, type, reason);
    return state;
  }

  function applyTarget({ instanceID, id }: Place, event: RecordedEvent, delivered: boolean): void {
    const row = sql.target.get(instanceID, id);
    const before: Target = row ? (JSON.parse(row.state) as Target) : { status: 'none' };
    const state =
      event.version > (row?.version ?? -1n)
        ? understood(event, () => evolveTarget(before, event))
        : undefined;
    if (delivered && (state ?? before).status !== 'active' && event.version >= (row?.version ?? -1n))
      sql.deleteTarget.run(instanceID, id);
    else if (state) {
      const { created, changed } = datesAfter(row, before.status === 'active', event);
      const { name = null, type = null, endpoint = null } = state.status === 'active' ? state : {};
      const json = JSON.stringify(state);
      sql.putTarget.run(
        ...[instanceID, id, event.version, created, changed, state.status],
        ...[name, type, endpoint, json],
      );
    } else if (delivered && row?.version === event.version) confirm(sql.dateTarget, row, event, instanceID);
  }

  function applyExecution({ instanceID, id }: Place, event: RecordedEvent, delivered: boolean): void {
    const row = sql.execution.get(instanceID, id);
    const before: Execution =
      row?.status === 'set'
        ? { status: 'set', targets: JSON.parse(row.targets) as ExecutionEntry[] }
        : { status: 'none' };
    const state =
      event.version > (row?.version ?? -1n)
        ? understood(event, () => evolveExecution(before, event))
        : undefined;
    if (state) {
      for (const included of includesOf(entriesOf(before))) sql.deleteInclude.run(instanceID, included, id);
      for (const included of includesOf(entriesOf(state))) sql.putInclude.run(instanceID, included, id);
    }
    if (delivered && (state ?? before).status !== 'set' && event.version >= (row?.version ?? -1n))
      sql.deleteExecution.run(instanceID, id);
    else if (state) {
      const { created, changed } = datesAfter(row, before.status === 'set', event);
      const json = JSON.stringify(entriesOf(state));
      sql.putExecution.run(instanceID, id, event.version, created, changed, state.status, json);
    } else if (delivered && row?.version === event.version)
      confirm(sql.dateExecution, row, event, instanceID);
  }

  /** Another process may have got further since the last transaction. */
  function refresh(transaction: number): void {
    if (transaction !== seen) position = sql.position.get() ?? undefined;
    seen = transaction;
  }

  return {
    instance(instanceID) {
      let view = views.get(instanceID);
      if (!view) views.set(instanceID, (view = viewOf(sql, instanceID)));
      return view;
    },
    instanceIDs: () => sql.instanceIDs.all(),
    apply(event, delivered) {
      writes.do((transaction) => {
        refresh(transaction);
        if (position !== undefined && event.position <= position) return;
        const place = placeOf(event.stream);
        if (place?.kind === 'target') applyTarget(place, event, delivered);
        if (place?.kind === 'execution') applyExecution(place, event, delivered);
        if (delivered) position = event.position;
        sql.advance.run({ position: delivered ? event.position : null, frontier: event.position });
      });
    },
    reach(reached) {
      writes.do((transaction) => {
        refresh(transaction);
        position = later(position, reached);
        sql.advance.run({ position: reached, frontier: reached });
      });
    },
    get position() {
      return sql.position.get() ?? undefined;
    },
    get frontier() {
      return sql.frontier.get() ?? undefined;
    },
    get failedEvents() {
      return sql.failed.all();
    },
    get sizes() {
      return { targets: sql.countTargets.get() ?? 0, executions: sql.countExecutions.get() ?? 0 };
    },
  };
}
