import { EventStoreUnavailableError } from '../../errors.js';
import { createConditionIndex, type ConditionIndex } from '../../routing/conditionIndex.js';
import { isBehind, type IndexStore, type ShadowIndex } from '../../routing/indexStore.js';
import { openDatabase } from '../sqlite/driver.js';
import { takeBuildingLock } from './buildingLock.js';
import { createDurableIndex } from './durableIndex.js';
import { inTurns, saveIndex } from './saveIndex.js';
import { generationTables, indexFormat, nothingBuilt, prepareIndexFile } from './schema.js';
import { createWrites } from './writes.js';

/** An index store that holds a file open. */
export interface IndexFile extends IndexStore {
  close(): void;
}

/** How soon it is noticed that another process has put another index in place. Milliseconds. */
const lookEveryMs = 250;
const waitForOthersMs = 2_000;

/**
 * Opens a connection of its own. Two of them in one process would wait for each other in vain: see `sqliteIndexStore`.
 *
 * @throws {@link MissingDependencyError} @throws {@link InvalidArgumentError} for a file that is something else
 */
export function openIndexFile(path: string): IndexFile {
  const db = openDatabase(path, { timeout: waitForOthersMs });
  prepareIndexFile(db, path);
  const listeners = new Set<() => void>();
  const losses = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const writes = createWrites(db, () => {
    for (const listener of losses) listener();
  });
  const durable = createDurableIndex(db, writes);
  const inUse = db.prepare<[], { generation: number; format: number }>(
    'SELECT generation, format FROM current',
  );
  /** Stands in while there is no index to use: what this process writes meanwhile is in it. */
  let standIn = createConditionIndex();
  let invalid: string | undefined;
  let known = inUse.get()?.generation;

  function unusable(): string | undefined {
    const format = inUse.get()?.format;
    if (format === indexFormat) return invalid;
    return format === nothingBuilt
      ? 'nothing was built in it yet'
      : `it has format ${String(format)}, this version writes ${indexFormat}`;
  }

  const timer = setInterval(() => {
    const generation = inUse.get()?.generation;
    if (generation === known) return;
    known = generation;
    invalid = undefined;
    tell();
  }, lookEveryMs).unref();

  /** What a process that dies before this leaves behind is cleared away by the next one that builds. */
  const clear = db.transaction((generation: number) => {
    for (const table of generationTables)
      db.prepare(`DELETE FROM ${table} WHERE generation = ?`).run(generation);
    db.prepare('DELETE FROM generation WHERE id = ?').run(generation);
  });

  function shadow(): ShadowIndex {
    writes.flush();
    const lock = takeBuildingLock(db, Date.now);
    // Rows that are written once, in order, cost far less than rows that follow every event.
    const built = createConditionIndex();
    let saved: ConditionIndex | undefined;
    const pieces = () => saveIndex(db, built, lock, writes);
    const useSaved = () => (saved = createDurableIndex(db, writes, lock.generation));
    return {
      get index() {
        return saved ?? built;
      },
      async save(signal) {
        if (saved) return;
        await inTurns(pieces(), signal);
        useSaved();
      },
      adopt() {
        writes.flush();
        if (!saved) for (const _piece of pieces());
        const index = saved ?? useSaved();
        const isAdopted = db
          .transaction(() => {
            if (!lock.isHeld())
              throw new EventStoreUnavailableError(
                'another process has begun to build the index; the old one stays',
              );
            if (unusable() === undefined && isBehind(index, durable)) return false;
            db.prepare('UPDATE current SET generation = ?, format = ?').run(lock.generation, indexFormat);
            return true;
          })
          .immediate();
        if (!isAdopted) return false;
        known = lock.generation;
        invalid = undefined;
        tell();
        return true;
      },
      release() {
        writes.flush();
        const inUseNow = inUse.get()?.generation;
        for (const id of db.prepare<[], number>('SELECT id FROM generation').pluck().all())
          if (id !== inUseNow && lock.isHeld()) clear.immediate(id);
        lock.release();
      },
    };
  }

  return {
    get current() {
      return unusable() === undefined ? durable : standIn;
    },
    get unusable() {
      return unusable();
    },
    invalidate(reason) {
      invalid = reason;
      standIn = createConditionIndex();
    },
    shadow,
    onReplaced(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onLost(listener) {
      losses.add(listener);
      return () => losses.delete(listener);
    },
    close() {
      clearInterval(timer);
      writes.flush();
      db.close();
    },
  };
}
