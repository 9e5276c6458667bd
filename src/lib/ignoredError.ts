import { thrownWithName } from './reading/shownValue.js';

/** Warnings so far, by place: a place that always throws does not flood the log. */
const warnings = new Map<string, number>();
const mostWarnings = 10;

/**
 * Turns an error that no caller can catch, as one thrown in a timer or a listener, into a warning of the process, at
 * most ten for each place. Uncaught, the error would end the process.
 *
 * @param where - names the code that threw, in the words of a user: `onCall`, `a timer`. A literal of the code, so
 *   there are few
 */
export function reportIgnored(where: string, error: unknown): void {
  const before = warnings.get(where) ?? 0;
  if (before >= mostWarnings) return;
  warnings.set(where, before + 1);
  process.emitWarning(`${where} threw and is ignored: ${thrownWithName(error)}`, 'EventstoreActionsWarning');
}

/** Runs a listener, the action of a timer or a function of the user; an error that it throws becomes a warning. */
export function runReporting(where: string, action: () => unknown): void {
  try {
    const result = action();
    // TypeScript accepts an async function where one that returns nothing is expected.
    if (result instanceof Promise) reportRejection(where, result);
  } catch (error) {
    reportIgnored(where, error);
  }
}

/** For a promise that is not awaited: its rejection becomes a warning. */
export function reportRejection(where: string, promise: Promise<unknown>): void {
  promise.catch((error: unknown) => reportIgnored(where, error));
}
