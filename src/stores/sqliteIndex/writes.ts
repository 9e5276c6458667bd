import type Database from 'better-sqlite3';
import { soon } from '../../lib/clock.js';

/** A transaction that gathers the writes of one turn of the event loop, and few enough that other processes get their turn. */
export interface Writes {
  /**
   * Runs `write` in the transaction, and tells it which one that is: others may have written since the last one. When
   * `write` throws, the whole transaction is undone and `onLost` is called.
   */
  do(write: (transaction: number) => void): void;
  /** Commits now. @throws what the commit threw; everything since the last one is then undone */
  flush(): void;
}

const mostWrites = 1_000;

/** `onLost` is called when gathered writes were undone and no caller is left to throw at. */
export function createWrites(db: Database.Database, onLost: () => void): Writes {
  let gathered = 0;
  let transaction = 0;

  function undo(): void {
    gathered = 0;
    if (db.inTransaction) db.exec('ROLLBACK');
  }

  function flush(): void {
    if (gathered === 0) return;
    gathered = 0;
    try {
      db.exec('COMMIT');
    } catch (error) {
      undo();
      throw error;
    }
  }

  function flushLater(): void {
    try {
      flush();
    } catch {
      onLost();
    }
  }

  return {
    do(write) {
      if (gathered === 0) {
        db.exec('BEGIN IMMEDIATE');
        gathered = 1;
        transaction++;
        soon('the commit of an index file', flushLater);
      }
      try {
        write(transaction);
      } catch (error) {
        undo();
        onLost();
        throw error;
      }
      if (++gathered > mostWrites) flush();
    },
    flush,
  };
}
