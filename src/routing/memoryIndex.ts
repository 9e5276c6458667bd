import { later, type ConditionIndex } from './conditionIndex.js';
import { createFailedEvents } from './rows/failedEvents.js';
import { createMemoryRows, type PlacedRow } from './memoryRows.js';
import { reduceEvent } from './rows/reduceEvent.js';

/** An index in memory, which can be copied. */
export interface MemoryIndex extends ConditionIndex {
  rows(): Iterable<PlacedRow>;
}

export function createMemoryIndex(): MemoryIndex {
  const rows = createMemoryRows();
  const failed = createFailedEvents();
  let position: bigint | undefined;
  let frontier: bigint | undefined;

  return {
    instance: rows.instance,
    instanceIDs: rows.instanceIDs,
    apply(event, delivered) {
      // A new subscription may deliver an event again: applied again, it would bring a removed aggregate back.
      if (position !== undefined && event.position <= position) return;
      const failure = reduceEvent(rows, { event, delivered });
      if (failure) failed.add(failure);
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
    rows: rows.all,
    get sizes() {
      return rows.sizes;
    },
  };
}
