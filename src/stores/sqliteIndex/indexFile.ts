import { EventStoreUnavailableError, isActionsError } from '../../errors.js';
import { every } from '../../lib/clock.js';
import { isBehind } from '../../routing/conditionIndex.js';
import { memoryIndexStore, type IndexStore, type ShadowIndex } from '../../routing/indexStore.js';
import { createMemoryIndex } from '../../routing/memoryIndex.js';
import { openOwnFile } from '../sqlite/ownFile.js';
import { whyOf } from '../sqlite/sqliteErrors.js';
import { createDurableIndex } from './durableIndex.js';
import { createFileAccess, type FileFailure } from './fileAccess.js';
import { indexFile, indexFormat } from './indexTables.js';
import { openShadow } from './shadowInFile.js';
import { createStatements } from './statements.js';
import { createWrites } from './writes.js';
import { shownText } from '../../lib/shown/shownText.js';

/** An index store that holds a file open. */
export interface IndexFile extends IndexStore {
  close(): void;
}

/** How often the file is checked for an index that another process has adopted. Milliseconds. */
const lookEveryMs = 250;
/** How long opening the file waits for another process that is creating it. Milliseconds. */
const openingMs = 1_000;
/** How long SQLite waits for a lock while it blocks the event loop; longer waits use timers. Milliseconds. */
const busyMs = 10;

/**
 * Opens a connection to the file. Two connections of one process would wait for each other forever: see `sqliteIndexStore`.
 *
 * @throws {@link MissingDependencyError} @throws {@link InvalidArgumentError} for a file of another kind
 * @throws {@link EventStoreUnavailableError} for a file that cannot be opened
 */
export function openIndexFile(path: string): IndexFile {
  const db = openOwnFile(path, indexFile, { openingMs, busyMs }, (error) => cannotOpen(path, error));
  const replaced = createListeners();
  const losses = createListeners();
  /** The index in use while the file has none. It holds the changes of this process. */
  let standIn = createMemoryIndex();
  let invalid: string | undefined;
  /** The index store in use after the file is lost. */
  let memory: IndexStore | undefined;
  let lost: string | undefined;
  let isRebuilt = false;

  function onFailure({ reason, isLost }: FileFailure): void {
    if (memory) return;
    if (isLost) {
      clearInterval(timer);
      lost = reason;
      memory = memoryIndexStore();
    } else invalidate(reason);
    replaced.call();
  }

  function invalidate(reason: string): void {
    invalid = reason;
    standIn = createMemoryIndex();
  }

  const access = createFileAccess(db, onFailure);
  const writes = createWrites(db, losses.call);
  const durable = createDurableIndex({ sql: createStatements(db, undefined), writes, access });
  const generationInUse = db
    .prepare<[], number>(
      `SELECT generation FROM current JOIN generation ON id = generation WHERE format = ${indexFormat}`,
    )
    .pluck();
  const formats = db.prepare<[], number>('SELECT format FROM current').pluck();
  let known = generationInUse.get();

  function whyUnusable(): string | undefined {
    if (generationInUse.get() !== undefined) return invalid;
    const others = formats.all();
    return others.length === 0
      ? 'nothing was built in it yet, or rows of it were deleted'
      : `it has format ${others.join(', ')}, this version writes ${indexFormat}`;
  }

  function unusable(): string | undefined {
    if (!memory) {
      const why = access.useOr('the index file does not answer', whyUnusable);
      // The check may have found that the file is lost.
      if (!memory as boolean) return why;
    }
    return isRebuilt ? undefined : lost;
  }

  const timer = every('the look at an index file', lookEveryMs, () => {
    access.useOr(undefined, () => {
      const generation = generationInUse.get();
      if (generation === known) return;
      known = generation;
      invalid = undefined;
      replaced.call();
    });
  }).unref();

  function shadowInMemory(store: IndexStore): ShadowIndex {
    const shadow = store.shadow();
    return {
      ...shadow,
      adopt() {
        if (!shadow.adopt()) return false;
        isRebuilt = true;
        replaced.call();
        return true;
      },
    };
  }

  return {
    get current() {
      if (unusable() === undefined && !memory) return durable;
      return memory ? memory.current : standIn;
    },
    get unusable() {
      return unusable();
    },
    get lost() {
      return lost;
    },
    invalidate(reason) {
      invalidate(reason);
      replaced.call();
    },
    shadow() {
      if (memory) return shadowInMemory(memory);
      return openShadow({
        db,
        access,
        writes,
        isBehind: (index) => whyUnusable() === undefined && isBehind(index, durable),
        onAdopted(generation) {
          known = generation;
          invalid = undefined;
          replaced.call();
        },
      });
    },
    onReplaced: replaced.add,
    onLost: losses.add,
    close() {
      clearInterval(timer);
      try {
        writes.flush();
      } catch {
        // Ignore the failure: the next start reads the missing rows from the event store again.
      }
      db.close();
    },
  };
}

function createListeners() {
  const listeners = new Set<() => void>();
  return {
    call: () => {
      for (const listener of listeners) listener();
    },
    add: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const cannotOpen = (path: string, error: unknown): Error =>
  isActionsError(error)
    ? error
    : new EventStoreUnavailableError(`the index file ${shownText(path)} cannot be opened: ${whyOf(error)}`, {
        cause: error,
      });
