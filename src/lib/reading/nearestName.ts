import { shownText } from '../shown/shownText.js';

/** The longest name that is compared: the time is quadratic in the length. Characters. */
const longest = 40;
/** The most slips that a name of this many characters may have. */
const slipsIn = (length: number): number => Math.min(3, Math.ceil(length / 4));

/** The number of letters left out, added, changed or swapped with their neighbour that turn one text into the other. */
function slipsBetween(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let at = 1; at <= other.length; at++) {
      const isSame = one[row - 1] === other[at - 1];
      const changed = (above[at - 1] ?? 0) + (isSame ? 0 : 1);
      const isSwapped = at > 1 && row > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      const swapped = isSwapped ? (before[at - 2] ?? 0) + 1 : Infinity;
      current.push(Math.min(changed, swapped, (above[at] ?? 0) + 1, (current[at - 1] ?? 0) + 1));
    }
    [before, above] = [above, current];
  }
  return above[other.length] ?? Infinity;
}

/** The known name that is nearest to a written one; `undefined` where none is near. Case does not count. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  if (written.length > longest) return undefined;
  let nearest: string | undefined;
  let fewest = slipsIn(written.length) + 1;
  for (const name of names) {
    if (Math.abs(name.length - written.length) >= fewest || name.length > longest) continue;
    const slips = slipsBetween(written.toLowerCase(), name.toLowerCase());
    if (slips >= fewest) continue;
    fewest = slips;
    nearest = name;
  }
  return nearest;
}

const mostTried = 5;

/** ` (did you mean "limit"?)` for the first unknown name that has a near one; else an empty text. */
export function suggestion(unknown: readonly string[], names: readonly string[]): string {
  for (const written of unknown.slice(0, mostTried)) {
    const nearest = nearestName(written, names);
    if (nearest !== undefined) return ` (did you mean ${shownText(nearest)}?)`;
  }
  return '';
}
