import { candidates, type OccurrenceKind } from '../execution/condition.js';
import { match, type Match } from '../execution/resolve.js';
import type { Projection } from './projection.js';

/** Finds what to call for something that happens. */
export interface Router {
  /** `undefined` where nothing matches. `name` as the candidates of its kind expect it: methods are `/<service>/<method>`. */
  route(instanceID: string, kind: OccurrenceKind, name: string): Match | undefined;
  /** Includes that contributed nothing because concurrent writes made a circle or a chain that is too long. */
  readonly cutIncludes: number;
}

/** Names are remembered up to here; a backend with more of them pays for the look-up each time the memory is full. */
const rememberedNames = 10_000;

const emptyKinds = (): Record<OccurrenceKind, Map<string, Match | undefined>> => ({
  request: new Map(),
  response: new Map(),
  function: new Map(),
  event: new Map(),
});

/**
 * Remembers what each name resolved to until the index changes, so that the usual append costs one look-up in a map.
 */
export function createRouter(projection: Pick<Projection, 'index' | 'generation'>): Router {
  const remembered = new Map<string, Record<OccurrenceKind, Map<string, Match | undefined>>>();
  const cut = new Set<string>();
  let generation = projection.generation;
  let count = 0;

  function forget(): void {
    remembered.clear();
    cut.clear();
    count = 0;
    generation = projection.generation;
  }

  function lookUp(instanceID: string, kind: OccurrenceKind, name: string): Match | undefined {
    const found = match(projection.index.instance(instanceID), candidates(kind, name));
    for (const { executionID, entry, reason } of found?.skipped ?? [])
      if (entry.type === 'include' && reason !== 'execution-missing')
        cut.add(`${instanceID} ${executionID} ${entry.include}`);
    return found;
  }

  return {
    route(instanceID, kind, name) {
      if (generation !== projection.generation || count > rememberedNames) forget();
      let kinds = remembered.get(instanceID);
      if (!kinds) remembered.set(instanceID, (kinds = emptyKinds()));
      const names = kinds[kind];
      const known = names.get(name);
      if (known !== undefined || names.has(name)) return known;
      const found = lookUp(instanceID, kind, name);
      names.set(name, found);
      count++;
      return found;
    },
    get cutIncludes() {
      return cut.size;
    },
  };
}
