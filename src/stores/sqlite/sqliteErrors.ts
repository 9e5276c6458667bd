import {
  type ActionsError,
  AppendTooLargeError,
  EventStoreAccessDeniedError,
  EventStoreUnavailableError,
  isActionsError,
  OutcomeUnknownError,
} from '../../errors.js';
import { thrownText } from '../../lib/reading/shownValue.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';
import { shownText } from '../../lib/shown/shownText.js';

/** SQLite's extended result code from better-sqlite3: `SQLITE_BUSY` or `SQLITE_IOERR_WRITE`, for example. */
export function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** SQLite's message for a failure, with its code. */
export function whyOf(error: unknown): string {
  const code = sqliteCode(error);
  return `${thrownText(error)}${code === '' ? '' : ` (${code})`}`;
}

/** Whether another process holds the lock. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED');
}

/** Makes the error for a failed read, or for a transaction that was rolled back. */
export function unavailable(error: unknown, path: string): ActionsError {
  if (isActionsError(error)) return error;
  const text = `the event store file ${shownText(path)}: ${whyOf(error)}; nothing was appended`;
  return /^SQLITE_(READONLY|PERM|AUTH)/.test(sqliteCode(error))
    ? new EventStoreAccessDeniedError(text, { cause: error })
    : new EventStoreUnavailableError(text, { cause: error });
}

/** Makes the error for an append whose transaction was rolled back before its commit began. */
export function notWritten(error: unknown, append: ProposedAppend, path: string): ActionsError {
  return sqliteCode(error) === 'SQLITE_TOOBIG'
    ? new AppendTooLargeError(append.stream, undefined, { cause: error })
    : unavailable(error, path);
}

/**
 * Makes the error for an append whose commit failed. After a lock, a full disk or a write error the last frame of the
 * commit is incomplete, and nothing was written. After any other failure the frame may be on disk, where the next process
 * finds it.
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
