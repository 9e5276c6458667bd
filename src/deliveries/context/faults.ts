import { isActionsError } from '../../errors.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import { forgetOldest } from '../../lib/forgetOldest.js';

/** Failures of the work around the calls, each until the same work has succeeded. The work is tried again. */
export interface Faults {
  note(what: string, error: unknown): void;
  /** The work has succeeded: its failure is no longer shown. */
  mended(what: string): void;
  /** The failure of the first of these that has failed since it last succeeded. */
  first(works: Iterable<string>): string | undefined;
}

/** The names of work that `health()` asks for. */
export const readingEvents = 'reading the events';
export const writingProgress = (partition: number): string =>
  `writing the progress of partition ${partition}`;

/** The most failures that are kept: some name a stream, of which there are any number. */
const mostFaults = 100;

const longestText = 500;

/** The text of an error for operators. The message of an error of another library is left out: it may hold secrets. */
export const operatorText = (error: unknown): string =>
  isActionsError(error)
    ? (error.detail ?? error.message).slice(0, longestText)
    : error instanceof Error
      ? `${error.name} (${errorCodeOf(error)})`
      : 'unknown';

export function createFaults(): Faults {
  const texts = new Map<string, string>();
  return {
    note(what, error) {
      // An aborted reader or call is no failure.
      if (error instanceof Error && error.name === 'AbortError') return;
      texts.delete(what);
      texts.set(what, `${what} failed: ${operatorText(error)}`);
      forgetOldest(texts, mostFaults);
    },
    mended(what) {
      texts.delete(what);
    },
    first(works) {
      for (const what of works) {
        const text = texts.get(what);
        if (text !== undefined) return text;
      }
      return undefined;
    },
  };
}
