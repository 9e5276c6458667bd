import type { Actions } from '../../index.js';

/** Ids of one query, and the longest id that a query takes: a stored list may have longer ones. */
const mostIDs = 1_000;
const longestID = 200;

/** The names of targets, by id: looked up, not searched for. A removed target has none. */
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
