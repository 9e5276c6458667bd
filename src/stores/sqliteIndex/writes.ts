import type Database from 'better-sqlite3';
import { soon } from '../../lib/clock.js';

/**
 * A transaction that collects the writes of one turn of the event loop, up to a number that lets other processes write
 * soon.
 */
export interface Writes {
  /**
   * Runs `write` in the transaction and passes it the transaction's number: between two transactions other processes may
   * have written. Where `write` throws, the whole transaction is rolled back and `onLost` is called.
   */
  do(write: (transaction: number) => void): void;
  /** Commits now. @throws the error of the commit: all writes since the last commit are rolled back and `onLost` is called */
  flush(): void;
}

const mostWrites = 1_000;

/** Collects writes. Calls `onLost` where collected writes were rolled back. */
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
      onLost();
      throw error;
    }
  }

  function flushLater(): void {
    try {
      flush();
    } catch {
      // The loss was reported: the rows are read from the event store again.
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
