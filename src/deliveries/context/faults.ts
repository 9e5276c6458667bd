import { isActionsError } from '../../errors.js';
import { errorCodeOf } from '../../lib/errorCode.js';

/** Errors outside the calls: shown in health, and retried. */
export interface Faults {
  note(what: string, error: unknown): void;
  readonly latest: string | undefined;
}

/** What an error says to operators. Messages of errors that are not the library's own may hold what is no one's business. */
const textOf = (error: unknown): string =>
  isActionsError(error)
    ? (error.detail ?? error.message)
    : error instanceof Error
      ? `${error.name} (${errorCodeOf(error)})`
      : 'unknown';

export function createFaults(): Faults {
  let latest: string | undefined;
  return {
    note(what, error) {
      // A reader or call that was ended on purpose is no fault.
      if (error instanceof Error && error.name === 'AbortError') return;
      latest = `${what} failed: ${textOf(error)}`;
    },
    get latest() {
      return latest;
    },
  };
}
