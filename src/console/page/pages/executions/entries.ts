import type { Entry, ShownEntry } from '../../../wire/executions.js';

export const keyOf = (entry: Entry): string =>
  'target' in entry ? `target ${entry.target}` : `include ${entry.include}`;

/** The entry as commands accept it, without the members that the server adds for display. */
export const asEntry = (entry: ShownEntry): Entry =>
  'target' in entry ? { target: entry.target } : { include: entry.include };

export function moved(entries: readonly ShownEntry[], place: number, by: -1 | 1): readonly ShownEntry[] {
  const other = place + by;
  const [one, two] = [entries[place], entries[other]];
  if (!one || !two) return entries;
  return entries.map((entry, index) => (index === place ? two : index === other ? one : entry));
}
