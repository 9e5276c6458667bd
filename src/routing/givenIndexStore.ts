import { InvalidArgumentError } from '../errors.js';
import { reading } from '../lib/reading/reading.js';
import { memoryIndexStore, type IndexStore } from './indexStore.js';

/** The member that holds an index store of this package, the same in every copy of it; text, so that its type is too. */
export const indexStoreKey = '~eventstore-actions.indexStore';

/**
 * An index store that this package made: `sqliteIndexStore` of `eventstore-actions/sqlite` is the only one. The rows of an
 * index change with the library, so there is no interface to implement another.
 */
export interface GivenIndexStore {
  /** For `createActions` of this package. */
  readonly [indexStoreKey]: object;
}

interface Kept {
  /** The version of {@link IndexStore}: two copies of the package share a store where it is equal. */
  readonly version: 1;
  readonly store: IndexStore;
}

export const givenIndexStore = (store: IndexStore): GivenIndexStore => ({
  [indexStoreKey]: { version: 1, store } satisfies Kept,
});

/**
 * The index store that was given, or one in memory for `undefined`.
 *
 * @throws {@link InvalidArgumentError} for anything that this package did not make
 */
export function indexStoreOf(given: GivenIndexStore | undefined): IndexStore {
  if (given === undefined) return memoryIndexStore();
  const kept: Partial<Kept> | undefined = reading(
    'indexStore',
    () => (given as Partial<GivenIndexStore> | null)?.[indexStoreKey],
  );
  if (!kept?.store)
    throw new InvalidArgumentError(
      "indexStore is the result of sqliteIndexStore({ path }) of 'eventstore-actions/sqlite'; leave it out to keep the index in memory; nothing was opened",
    );
  if (kept.version !== 1)
    throw new InvalidArgumentError(
      `this index store was made by another version of eventstore-actions (index store ${String(kept.version)}, not 1): ` +
        'install one version of it; nothing was opened',
    );
  return kept.store;
}
