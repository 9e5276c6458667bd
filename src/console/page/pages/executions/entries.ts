import type { Entry, ShownEntry } from '../../../wire/executions.js';

export const keyOf = (entry: Entry): string =>
  'target' in entry ? `target ${entry.target}` : `include ${entry.include}`;

/** Without what the server only shows. */
export const asEntry = (entry: ShownEntry): Entry =>
  'target' in entry ? { target: entry.target } : { include: entry.include };

export function moved(entries: readonly ShownEntry[], place: number, by: -1 | 1): readonly ShownEntry[] {
  const other = place + by;
  const [one, two] = [entries[place], entries[other]];
  if (!one || !two) return entries;
  return entries.map((entry, index) => (index === place ? two : index === other ? one : entry));
}
