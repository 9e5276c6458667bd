import { AlreadyExistsError } from '../errors.js';
import { isBehind, type ConditionIndex } from './conditionIndex.js';
import { createMemoryIndex } from './memoryIndex.js';

/** An index that is being built beside the one in use. */
export interface ShadowIndex {
  /** The index built so far. */
  readonly index: ConditionIndex;
  /**
   * Writes the index into its store, in pieces between which others may write; events that are applied later go on top.
   *
   * @throws the reason of `signal`
   */
  save(signal?: AbortSignal): Promise<void>;
  /**
   * Replaces the index in use by this one, whole and at once.
   *
   * @returns `false`, and changes nothing, while the one in use knows of something newer
   */
  adopt(): boolean;
  /** Discards this index, where it was not adopted, and lets other processes build one. Never throws. */
  release(): void;
}

/**
 * Keeps the condition index. A change throws `IndexBusyError` while another process holds the lock. A store whose file
 * fails goes on in memory: a lost index costs a replay of the events and nothing else.
 */
export interface IndexStore {
  /** The index in use. */
  readonly current: ConditionIndex;
  /** Why the index in use has to be rebuilt before it answers; `undefined` for a usable index. Never throws. */
  readonly unusable: string | undefined;
  /** Why the index is kept in memory although its store has a file; `undefined` where the file is used. */
  readonly lost: string | undefined;
  /** Empties the index and marks it as unusable until it is rebuilt. */
  invalidate(reason: string): void;
  /**
   * Begins an index beside the one in use.
   *
   * @throws {@link AlreadyExistsError} while another one is being built; it names the builder
   */
  shadow(): ShadowIndex;
  /** Calls `listener` when another index has replaced the one in use, or the one in use became unusable. */
  onReplaced(listener: () => void): () => void;
  /**
   * Calls `listener` when the store failed to keep applied events: they have to be read again from the index's
   * position.
   */
  onLost(listener: () => void): () => void;
}

/** Keeps the index in memory: it is built from the first event at every start. */
export function memoryIndexStore(): IndexStore {
  const listeners = new Set<() => void>();
  let current = createMemoryIndex();
  let isBuilding = false;

  return {
    get current() {
      return current;
    },
    unusable: undefined,
    lost: undefined,
    invalidate() {
      current = createMemoryIndex();
    },
    shadow() {
      if (isBuilding)
        throw new AlreadyExistsError(
          'this process is building the index already; wait for that build to end, and try again',
        );
      isBuilding = true;
      const index = createMemoryIndex();
      return {
        index,
        save: () => Promise.resolve(),
        adopt() {
          if (isBehind(index, current)) return false;
          current = index;
          for (const listener of listeners) listener();
          return true;
        },
        release() {
          isBuilding = false;
        },
      };
    },
    onReplaced(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onLost: () => () => undefined,
  };
}
