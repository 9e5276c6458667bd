import type { Actions } from '../../../index.js';

/** The most ids of one query, and the longest id that a query accepts: a stored list may have longer ids. */
const mostIDs = 1_000;
const longestID = 200;

/** Looks up the names of targets by id. A removed target has no name. */
export async function targetNames(
  { targets }: Pick<Actions, 'targets'>,
  wanted: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(wanted)].filter((id) => id !== '' && id.length <= longestID);
  const names = new Map<string, string>();
  for (let place = 0; place < ids.length; place += mostIDs) {
    const some = ids.slice(place, place + mostIDs);
    for (const { id, name } of (await targets.list({ filter: { ids: some }, limit: mostIDs })).items)
      names.set(id, name);
  }
  return names;
}
