import { isActionsError } from '../../errors.js';
import { errorCodeOf } from '../../lib/errorCode.js';

/** Failures of the work around the calls. They are shown in `health()`, and the work is tried again. */
export interface Faults {
  note(what: string, error: unknown): void;
  readonly latest: string | undefined;
}

const longestText = 500;

/** The text of an error for operators. The message of an error of another library is left out: it may hold secrets. */
export const operatorText = (error: unknown): string =>
  isActionsError(error)
    ? (error.detail ?? error.message).slice(0, longestText)
    : error instanceof Error
      ? `${error.name} (${errorCodeOf(error)})`
      : 'unknown';

export function createFaults(): Faults {
  let latest: string | undefined;
  return {
    note(what, error) {
      // An aborted reader or call is no failure.
      if (error instanceof Error && error.name === 'AbortError') return;
      latest = `${what} failed: ${operatorText(error)}`;
    },
    get latest() {
      return latest;
    },
  };
}
