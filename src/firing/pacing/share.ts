/**
 * How many of `room` places one of those who use them may hold. The last eighth, and at least one place, stays free for
 * the others, so that one who is slow cannot take every place. `room` is what the others do not hold: each of them leaves
 * an eighth of what it finds in turn.
 *
 * @param isShared - whether the places are known to be used by more than one
 */
export function shareOf(room: number, isShared: boolean): number {
  if (room < 2 || !isShared) return room;
  return Math.min(Math.ceil((room * 7) / 8), room - 1);
}

/** From so many places on, one stays free for an instance that has not been seen yet. */
export const alwaysSharedFrom = 4;
