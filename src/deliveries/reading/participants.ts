import type { Cursor } from '../progress/cursor.js';
import type { Partition } from '../progress/partition.js';

/** A cursor that a side reader advances. */
export interface Participant {
  readonly partition: Partition;
  readonly cursor: Cursor;
}

/** Finds the cursors that are behind, and advances them to their goals. */
export function createParticipants(partitions: ReadonlyMap<number, Partition>) {
  const isOwned = ({ partition, cursor }: Participant): boolean =>
    partitions.get(partition.number) === partition &&
    !partition.isLeaving &&
    partition.cursors.get(cursor.key) === cursor;

  const isBehind = (participant: Participant): boolean =>
    isOwned(participant) && participant.cursor.position !== undefined && participant.cursor.stop === '';

  /** How far a cursor goes: to where its partition is, or to the end of the period that is replayed. */
  const goalOf = ({ partition, cursor }: Participant): bigint =>
    cursor.until !== undefined && cursor.until < partition.position ? cursor.until : partition.position;

  function isDone(participant: Participant): boolean {
    const { position } = participant.cursor;
    return position === undefined || position >= goalOf(participant);
  }

  /**
   * Ends the work of a cursor in one step: the main reader delivers the next events. A replay ends only when its lanes
   * are empty.
   */
  function finish({ partition, cursor }: Participant): void {
    if (cursor.replay === '') {
      cursor.position = undefined;
      if (cursor.origin === '') partition.removeCursor(cursor);
      else partition.touchCursor(cursor);
      return;
    }
    for (const lane of partition.lanes.values()) if (lane.replay === cursor.replay) return;
    partition.removeCursor(cursor);
  }

  /** The cursors that are behind, by key. A cursor at its goal is finished here, without a run. */
  function candidates(): Map<string, Participant[]> {
    const found = new Map<string, Participant[]>();
    for (const partition of partitions.values())
      for (const cursor of [...partition.cursors.values()]) {
        const participant = { partition, cursor };
        if (!isBehind(participant)) continue;
        if (isDone(participant)) finish(participant);
        else found.set(cursor.key, [...(found.get(cursor.key) ?? []), participant]);
      }
    return found;
  }

  /** Advances the cursors to `position`. */
  function reach(participants: Set<Participant>, position: bigint): void {
    for (const participant of participants) {
      const { partition, cursor } = participant;
      if (!isBehind(participant)) {
        participants.delete(participant);
        continue;
      }
      const goal = goalOf(participant);
      const reached = position < goal ? position : goal;
      if (cursor.position !== undefined && reached > cursor.position) {
        cursor.position = reached;
        partition.touchCursor(cursor);
      }
      if (!isDone(participant)) continue;
      finish(participant);
      participants.delete(participant);
    }
  }

  return { isBehind, goalOf, candidates, reach };
}
