import type Database from 'better-sqlite3';

/** A transaction that gathers the writes of one turn of the event loop, and no more of them than others can wait for. */
export interface Writes {
  /** Runs `write` in the transaction, and tells it which one that is: others may have written since the last. */
  do(write: (transaction: number) => void): void;
  /** Commits now. @throws what the commit threw; everything since the last one is then undone */
  flush(): void;
}

const mostWrites = 1_000;

/** `onLost` is told when a commit failed with nobody there to throw at: what was gathered is undone. */
export function createWrites(db: Database.Database, onLost: () => void): Writes {
  let gathered = 0;
  let transaction = 0;

  function flush(): void {
    if (gathered === 0) return;
    gathered = 0;
    try {
      db.exec('COMMIT');
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
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
        setImmediate(flushLater);
      }
      write(transaction);
      if (++gathered > mostWrites) flush();
    },
    flush,
  };
}
