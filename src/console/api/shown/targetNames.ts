import type { Actions } from '../../../index.js';
import { possibleIDs } from '../../../zitadel/rpcs/targets.js';

/** The most ids of one query. */
const mostIDs = 1_000;

/** Looks up the names of targets by id. A removed target has no name. */
export async function targetNames(
  { targets }: Pick<Actions, 'targets'>,
  wanted: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  // A stored list may have ids that a query does not accept.
  const ids = possibleIDs([...new Set(wanted)]);
  const names = new Map<string, string>();
  for (let place = 0; place < ids.length; place += mostIDs) {
    const some = ids.slice(place, place + mostIDs);
    for (const { id, name } of (await targets.list({ filter: { ids: some }, limit: mostIDs })).items)
      names.set(id, name);
  }
  return names;
}
