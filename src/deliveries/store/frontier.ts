import type { CursorRow, LaneRow, PartitionChange, PartitionState } from './deliveryStore.js';
import { cursorKey, laneKey } from './keys.js';

/** The state of a partition. Applying a change costs time in proportion to the change, not to the state. */
export class Frontier {
  #position = 0n;
  readonly #cursors = new Map<string, CursorRow>();
  readonly #lanes = new Map<string, LaneRow>();

  constructor(state?: PartitionState) {
    if (!state) return;
    this.#position = state.position;
    for (const row of state.cursors) this.#cursors.set(cursorKey(row), row);
    for (const row of state.lanes) this.#lanes.set(laneKey(row), row);
  }

  get position(): bigint {
    return this.#position;
  }

  apply(change: PartitionChange): void {
    this.#position = change.position;
    for (const key of change.removeCursors) this.#cursors.delete(cursorKey(key));
    for (const row of change.putCursors) this.#cursors.set(cursorKey(row), row);
    for (const key of change.removeLanes) this.#lanes.delete(laneKey(key));
    for (const row of change.putLanes) this.#lanes.set(laneKey(row), row);
  }

  state(): PartitionState {
    return {
      position: this.#position,
      cursors: [...this.#cursors.values()],
      lanes: [...this.#lanes.values()],
    };
  }
}
