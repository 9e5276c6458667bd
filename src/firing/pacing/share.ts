/**
 * How many of `room` places one of several users may hold. The last eighth, and at least one place, stays free for the
 * others, so that a slow user cannot take every place. `room` is the number of places that the others do not hold: each
 * user leaves an eighth of what it finds.
 *
 * @param isShared - whether more than one user of the places is known
 */
export function shareOf(room: number, isShared: boolean): number {
  if (room < 2 || !isShared) return room;
  return Math.min(Math.ceil((room * 7) / 8), room - 1);
}

/** From this number of places on, one stays free for an instance that has not been seen yet. */
export const alwaysSharedFrom = 4;
