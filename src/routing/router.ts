import { candidates, type OccurrenceKind } from '../execution/condition.js';
import { match, matchOf, type Match } from '../execution/resolve.js';
import type { Projection } from './projection.js';

/** Finds the targets to call for an occurrence. */
export interface Router {
  /**
   * `undefined` where nothing matches. `name` as the candidates of its kind expect it: methods are `/<service>/<method>`.
   *
   * @throws {@link IndexNotReadyError} while an index that was whole is being rebuilt
   */
  route(instanceID: string, kind: OccurrenceKind, name: string): Match | undefined;
  /** Includes that contributed nothing because concurrent writes made a circle, a chain or a list that is too long. */
  readonly cutIncludes: number;
}

/** The most remembered names. A backend with more names pays for some look-ups again. */
const rememberedNames = 10_000;
/** The most memory of remembered resolutions, by estimate. Bytes. */
const rememberedBytes = 16_777_216;
/** The longest name that is remembered. Characters. */
const longestName = 1_000;
const mostCutIncludes = 1_000;
/** Approximate sizes of a map of an instance, an entry of a map and a resolved target. Bytes. */
const costs = { instance: 1_000, entry: 100, target: 100 };

/** The resolutions of an instance's names and of its executions: many names share the resolution of one execution. */
interface Remembered {
  readonly names: Partial<Record<OccurrenceKind, Map<string, Match | undefined>>>;
  readonly matches: Map<string, Match>;
}

/**
 * Remembers what each name resolved to until the index changes, so that the usual append costs one look-up in a map.
 * `projection` changes its generation with the index.
 */
export function createRouter(
  projection: Pick<Projection, 'instance' | 'generation'>,
  mostTargets: number,
): Router {
  const instances = new Map<string, Remembered>();
  const cut = new Set<string>();
  let generation = projection.generation;
  let names = 0;
  let bytes = 0;

  function forget(): void {
    instances.clear();
    names = 0;
    bytes = 0;
    if (generation !== projection.generation) cut.clear();
    generation = projection.generation;
  }

  function remember(instanceID: string): Remembered {
    let remembered = instances.get(instanceID);
    if (!remembered) {
      instances.set(instanceID, (remembered = { names: {}, matches: new Map() }));
      bytes += costs.instance + 2 * instanceID.length;
    }
    return remembered;
  }

  function noteCut(instanceID: string, skipped: Match['skipped']): void {
    for (const { executionID, entry, reason } of skipped)
      if (reason !== 'execution-missing' && reason !== 'target-missing' && cut.size < mostCutIncludes)
        cut.add(`${instanceID} ${executionID} ${entry.type === 'include' ? entry.include : entry.target}`);
  }

  function lookUp(instanceID: string, ids: readonly string[], { matches }: Remembered): Match | undefined {
    const index = projection.instance(instanceID);
    return match(ids, (executionID) => {
      const known = matches.get(executionID);
      if (known) return known;
      // Concurrent writes may leave an execution without a target: it matches nothing, and the counter tells operators.
      const found = matchOf(index, executionID, mostTargets, (skipped) => noteCut(instanceID, skipped));
      // Remember only names that match: callers can bring any number of names that match nothing.
      if (!found) return undefined;
      matches.set(executionID, found);
      bytes += costs.entry + 2 * executionID.length;
      bytes += costs.target * (found.targets.length + found.skipped.length);
      return found;
    });
  }

  return {
    route(instanceID, kind, name) {
      if (generation !== projection.generation || names >= rememberedNames || bytes >= rememberedBytes)
        forget();
      const remembered = remember(instanceID);
      const known = (remembered.names[kind] ??= new Map<string, Match | undefined>());
      const match = known.get(name);
      if (match !== undefined || known.has(name)) return match;
      const found = lookUp(instanceID, candidates(kind, name), remembered);
      if (name.length <= longestName) {
        known.set(name, found);
        names++;
        bytes += costs.entry + 2 * name.length;
      }
      return found;
    },
    get cutIncludes() {
      return cut.size;
    },
  };
}
