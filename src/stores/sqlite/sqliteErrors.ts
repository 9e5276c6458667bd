import {
  type ActionsError,
  AppendTooLargeError,
  EventStoreAccessDeniedError,
  EventStoreUnavailableError,
  isActionsError,
  OutcomeUnknownError,
} from '../../errors.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';

/** SQLite's extended result code, as better-sqlite3 gives it: `SQLITE_BUSY`, `SQLITE_IOERR_WRITE`. */
export function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Another process holds the lock. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED');
}

/** The error of a read that SQLite failed, or of a transaction that was rolled back. */
export function unavailable(error: unknown, path: string): ActionsError {
  if (isActionsError(error)) return error;
  const code = sqliteCode(error);
  const why = error instanceof Error ? error.message : String(error);
  const text = `the event store file ${JSON.stringify(path)}: ${why}${code === '' ? '' : ` (${code})`}`;
  return /^SQLITE_(READONLY|PERM|AUTH)/.test(code)
    ? new EventStoreAccessDeniedError(text, { cause: error })
    : new EventStoreUnavailableError(`${text}; nothing was appended`, { cause: error });
}

/** An append whose transaction was rolled back before its commit began. */
export function notWritten(error: unknown, append: ProposedAppend, path: string): ActionsError {
  return sqliteCode(error) === 'SQLITE_TOOBIG'
    ? new AppendTooLargeError(append.stream, undefined, { cause: error })
    : unavailable(error, path);
}

/**
 * An append whose commit failed. A lock, a full disk or a write error stop it before the frame that makes it a commit is
 * whole; after any other failure that frame may be on the disk, and be found there by the next process.
 */
export function commitFailed(error: unknown, append: ProposedAppend, path: string): ActionsError {
  if (isBusy(error) || /^SQLITE_(FULL|IOERR_WRITE)/.test(sqliteCode(error))) return unavailable(error, path);
  return new OutcomeUnknownError(
    append.stream,
    append.events.map(({ id }) => id),
    append.expectedVersion,
    { cause: error, detail: sqliteCode(error) },
  );
}
