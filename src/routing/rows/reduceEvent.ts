import { fold, type Decider } from '../../decider.js';
import { entriesOf, execution, includesOf, parseExecutionEvent } from '../../execution/execution.js';
import type { ExecutionCommand, ExecutionEvent } from '../../execution/execution.js';
import type { RecordedEvent } from '../../ports.js';
import { parseTargetEvent, target } from '../../target/target.js';
import type { Target, TargetCommand, TargetEvent } from '../../target/target.js';
import { confirmed, noted } from './dates.js';
import { failureOf, type FailedEvent } from './failedEvents.js';
import type { IndexedStates, IndexRows, PlaceOf } from './indexRows.js';
import { placeOf, type Place } from './place.js';

/** How the index reads and folds one kind of aggregate. */
interface IndexedAggregate<State, Command, Event> {
  readonly decider: Decider<State, Command, Event>;
  /**
   * Reads a stored event, recorded at `at`. `undefined` for an event type of another aggregate. Throws for malformed
   * data.
   */
  readonly parse: (type: string, data: unknown, at: number) => Event | undefined;
  /** Whether the aggregate exists. */
  readonly exists: (state: State) => boolean;
  /** Adds to the state what follows from the event's position in the store. */
  readonly stamp?: (before: State, after: State, position: bigint) => State;
  /** The executions that the aggregate includes. */
  readonly includes: (state: State) => readonly string[];
}

interface IndexedAggregates {
  readonly target: IndexedAggregate<IndexedStates['target'], TargetCommand, TargetEvent>;
  readonly execution: IndexedAggregate<IndexedStates['execution'], ExecutionCommand, ExecutionEvent>;
}

export const indexedAggregates: IndexedAggregates = {
  target: {
    decider: target,
    parse: parseTargetEvent,
    exists: ({ status }) => status === 'active',
    stamp: noteDurable,
    includes: () => [],
  },
  execution: {
    decider: execution,
    parse: parseExecutionEvent,
    exists: ({ status }) => status === 'set',
    includes: (state) => includesOf(entriesOf(state)),
  },
};

/** Notes the event that made a target durable: `deliverFrom: 'now'` means after it. */
function noteDurable(before: Target, after: Target, position: bigint): Target {
  if (after.status !== 'active' || after.delivery !== 'durable') return after;
  const since = before.status === 'active' && before.delivery === 'durable' ? before.durableSince : undefined;
  return { ...after, durableSince: since ?? String(position) };
}

/** An event on its way into the index. */
interface AppliedEvent {
  readonly event: RecordedEvent;
  /** Whether the subscription delivered the event, in order, so that no older event can follow. */
  readonly delivered: boolean;
}

/**
 * Applies one event to the rows. An event that was applied before changes nothing. `evolve` runs inside `produce`, on
 * one aggregate: an operation under way keeps the state that it matched.
 *
 * @returns the failure of a malformed event, which changes nothing else (rule F5)
 */
export function reduceEvent(
  rows: IndexRows,
  applied: AppliedEvent,
  aggregates: IndexedAggregates = indexedAggregates,
): FailedEvent | undefined {
  const place = placeOf(applied.event.stream);
  if (!place) return undefined;
  if (place.kind === 'target') return reduce(rows, applied, { ...place, kind: 'target' }, aggregates.target);
  return reduce(rows, applied, { ...place, kind: 'execution' }, aggregates.execution);
}

function reduce<Kind extends Place['kind'], Command, Event>(
  rows: IndexRows,
  { event, delivered }: AppliedEvent,
  place: PlaceOf<Kind>,
  aggregate: IndexedAggregate<IndexedStates[Kind], Command, Event>,
): FailedEvent | undefined {
  const row = rows.get(place);
  const version = row?.version ?? -1n;
  const before = row?.state ?? aggregate.decider.initialState();
  const at = Math.trunc(event.created.getTime()) || 0;
  let failure: FailedEvent | undefined;
  let after: IndexedStates[Kind] | undefined;
  if (event.version > version)
    try {
      const parsed = aggregate.parse(event.type, event.data, at);
      after = parsed && fold(aggregate.decider, [parsed], before);
      if (after && aggregate.stamp) after = aggregate.stamp(before, after, event.position);
    } catch (error) {
      failure = failureOf(event, error);
    }

  if (after) replaceIncludes(rows, place, aggregate.includes(before), aggregate.includes(after));
  if (delivered && event.version >= version && !aggregate.exists(after ?? before)) {
    if (row) rows.delete(place);
  } else if (after) {
    const dates = noted(aggregate.exists(before) ? row : undefined, at);
    rows.put(place, { version: event.version, state: after, ...dates });
  } else if (delivered && row && event.version === version) {
    const dates = confirmed(row, at);
    if (dates.created !== row.created || dates.changed !== row.changed) rows.put(place, { ...row, ...dates });
  }
  return failure;
}

function replaceIncludes(
  rows: IndexRows,
  place: Place,
  before: readonly string[],
  after: readonly string[],
): void {
  for (const included of before) rows.exclude(place, included);
  for (const included of after) rows.include(place, included);
}
