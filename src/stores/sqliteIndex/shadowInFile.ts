import type { ConditionIndex } from '../../routing/conditionIndex.js';
import type { ShadowIndex } from '../../routing/indexStore.js';
import { createMemoryIndex } from '../../routing/memoryIndex.js';
import { takeBuildingLock } from './buildingLock.js';
import { createDurableIndex } from './durableIndex.js';
import { inTurns, stepsToSave, takenOver, type SaveOptions } from './saveIndex.js';
import { generationTables, indexFormat } from './indexTables.js';
import { createStatements } from './statements.js';

interface ShadowOptions extends Omit<SaveOptions, 'lock'> {
  /** Whether the index in use may have newer events than this index; called inside the transaction that adopts. */
  readonly isBehind: (index: ConditionIndex) => boolean;
  /** Called with the adopted generation. */
  readonly onAdopted: (generation: number) => void;
}

/**
 * Takes the building lock. Builds the index in memory and saves it at the end: writing each row once, in order, costs far
 * less than changing rows for every event.
 */
export function openShadow(options: ShadowOptions): ShadowIndex {
  const { db, access, writes, isBehind, onAdopted } = options;
  const lock = access.use(() => {
    writes.flush();
    return takeBuildingLock(db, Date.now);
  });
  const built = createMemoryIndex();
  let saved: ConditionIndex | undefined;
  let left: readonly (() => void)[] | undefined;

  const useSaved = (): ConditionIndex =>
    (saved = createDurableIndex({ sql: createStatements(db, lock.generation), writes, access }));

  /** Runs the remaining steps. After a step that did not get the lock, another call continues with that step. */
  function saveAtOnce(): void {
    left ??= stepsToSave(built, { ...options, lock });
    for (let step = left[0]; step; step = left[0]) {
      step();
      left = left.slice(1);
    }
  }

  function adoptSaved(index: ConditionIndex): boolean {
    return db
      .transaction(() => {
        if (!lock.isHeld()) throw takenOver();
        if (isBehind(index)) return false;
        db.prepare('INSERT OR REPLACE INTO current (format, generation) VALUES (?, ?)').run(
          indexFormat,
          lock.generation,
        );
        return true;
      })
      .immediate();
  }

  return {
    get index() {
      return saved ?? built;
    },
    async save(signal) {
      if (saved) return;
      await inTurns(stepsToSave(built, { ...options, lock }), signal);
      useSaved();
    },
    adopt() {
      const isAdopted = access.use(() => {
        writes.flush();
        if (!saved) saveAtOnce();
        return adoptSaved(saved ?? useSaved());
      });
      if (isAdopted) onAdopted(lock.generation);
      return isAdopted;
    },
    release() {
      // Ignore the failure: the next builder deletes these rows, as after a crash.
      access.useOr(undefined, () => {
        writes.flush();
        if (lock.isHeld()) deleteUnused(options);
      });
      lock.release();
    },
  };
}

function deleteUnused({ db }: Pick<ShadowOptions, 'db'>): void {
  const unused = db
    .prepare<[], number>('SELECT id FROM generation WHERE id NOT IN (SELECT generation FROM current)')
    .pluck();
  const clear = db.transaction((generation: number) => {
    for (const table of generationTables)
      db.prepare(`DELETE FROM ${table} WHERE generation = ?`).run(generation);
    db.prepare('DELETE FROM generation WHERE id = ?').run(generation);
  });
  for (const id of unused.all()) clear.immediate(id);
}
