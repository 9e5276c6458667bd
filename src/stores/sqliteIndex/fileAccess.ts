import type Database from 'better-sqlite3';
import { IndexNotReadyError, isActionsError } from '../../errors.js';
import { IndexBusyError } from '../../routing/onceFree.js';
import { isBusy, sqliteCode } from '../sqlite/sqliteErrors.js';

/** A failure of an index file. */
export interface FileFailure {
  readonly reason: string;
  /** Whether the file is unusable from now on; otherwise only its content is wrong. */
  readonly isLost: boolean;
}

/**
 * The gate for every use of an index file: turns the errors of SQLite into errors of this library, and reports failures.
 */
export interface FileAccess {
  /** @throws {@link IndexBusyError} while another process holds the lock, {@link IndexNotReadyError} for a file that fails */
  use<Result>(action: () => Result): Result;
  /** As `use`, but returns `otherwise` in place of throwing. */
  useOr<Result>(otherwise: Result, action: () => Result): Result;
}

/** @param onFailure - called for each failure except a lock of another process */
export function createFileAccess(
  db: Database.Database,
  onFailure: (failure: FileFailure) => void,
): FileAccess {
  function failureOf(error: unknown): FileFailure {
    if (!db.open) return { reason: 'the index store is closed', isLost: true };
    const code = sqliteCode(error);
    if (code !== '') return { reason: `the index file fails with ${code}`, isLost: true };
    return { reason: 'a row of the index file is damaged', isLost: false };
  }

  function use<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      if (isActionsError(error)) throw error;
      if (isBusy(error))
        throw new IndexBusyError(
          'another process holds the lock of the index file; nothing was changed: try again',
          { cause: error },
        );
      const failure = failureOf(error);
      onFailure(failure);
      // No cause: the message of a JSON parser quotes the data.
      throw new IndexNotReadyError(
        `${failure.reason}; nothing was called: the index is being rebuilt from the events`,
      );
    }
  }

  return {
    use,
    useOr(otherwise, action) {
      try {
        return use(action);
      } catch {
        return otherwise;
      }
    },
  };
}
