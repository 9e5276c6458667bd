import { EventStoreUnavailableError } from '../../errors.js';
import { createConditionIndex, type ConditionIndex } from '../../routing/conditionIndex.js';
import { isBehind, type IndexStore, type ShadowIndex } from '../../routing/indexStore.js';
import { openDatabase } from '../sqlite/driver.js';
import { takeBuildingLock } from './buildingLock.js';
import { createDurableIndex } from './durableIndex.js';
import { inTurns, saveIndex } from './saveIndex.js';
import { generationTables, indexFormat, prepareIndexFile } from './schema.js';
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
  const inUse = db
    .prepare<[], number>(`SELECT generation FROM current WHERE format = ${indexFormat}`)
    .pluck();
  const notInUse = db
    .prepare<[], number>('SELECT id FROM generation WHERE id NOT IN (SELECT generation FROM current)')
    .pluck();
  const formats = db.prepare<[], number>('SELECT format FROM current').pluck();
  /** Stands in while there is no index to use: what this process writes meanwhile is in it. */
  let standIn = createConditionIndex();
  let invalid: string | undefined;
  let known = inUse.get();

  function unusable(): string | undefined {
    if (inUse.get() !== undefined) return invalid;
    const others = formats.all();
    return others.length === 0
      ? 'nothing was built in it yet'
      : `it has format ${others.join(', ')}, this version writes ${indexFormat}`;
  }

  const timer = setInterval(() => {
    const generation = inUse.get();
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
            db.prepare('INSERT OR REPLACE INTO current (format, generation) VALUES (?, ?)').run(
              indexFormat,
              lock.generation,
            );
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
        for (const id of notInUse.all()) if (lock.isHeld()) clear.immediate(id);
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
      tell();
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
