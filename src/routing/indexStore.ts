import { AlreadyExistsError } from '../errors.js';
import { createConditionIndex, type ConditionIndex } from './conditionIndex.js';

/** An index that is being built beside the one in use. */
export interface ShadowIndex {
  readonly index: ConditionIndex;
  /**
   * Writes down what it holds, in pieces that let others write in between; what is applied later goes on top.
   *
   * @throws the reason of `signal`
   */
  save(signal?: AbortSignal): Promise<void>;
  /**
   * Puts it in the place of the one in use, whole and at once.
   *
   * @returns `false`, and changes nothing, while the one in use knows of something newer
   */
  adopt(): boolean;
  /** Gives it up, if it was not adopted, and lets others build one. */
  release(): void;
}

/** Where the condition index is kept. */
export interface IndexStore {
  /** The index in use. */
  readonly current: ConditionIndex;
  /** Why the index in use cannot be used and has to be built anew first; `undefined` where it can. */
  readonly unusable: string | undefined;
  /** Makes it unusable: it then knows nothing, and is behind every other. */
  invalidate(reason: string): void;
  /** @throws {@link AlreadyExistsError} while another one is being built; it names who does */
  shadow(): ShadowIndex;
  /** Calls `listener` whenever another index has taken the place of the one in use, whoever built it. */
  onReplaced(listener: () => void): () => void;
  /** Calls `listener` when what was applied could not be kept: it has to be read again from the position of the index. */
  onLost(listener: () => void): () => void;
}

/** Keeps the index in memory: it is built from the first event at every start. */
export function memoryIndexStore(): IndexStore {
  const listeners = new Set<() => void>();
  let current = createConditionIndex();
  let isBuilding = false;

  return {
    get current() {
      return current;
    },
    unusable: undefined,
    invalidate() {
      current = createConditionIndex();
    },
    shadow() {
      if (isBuilding)
        throw new AlreadyExistsError('this process is building the index already; wait until it is done');
      isBuilding = true;
      const index = createConditionIndex();
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

/** Whether `current` knows of something that `index` may not. */
export const isBehind = (index: ConditionIndex, current: ConditionIndex): boolean =>
  current.frontier !== undefined && (index.position === undefined || index.position < current.frontier);
