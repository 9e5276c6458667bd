/** Warnings of each place: a place that always throws does not flood the log. */
const warnings = new Map<string, number>();
const mostWarnings = 10;

/**
 * Where an error ends that no caller is left to catch, as one thrown in a timer or a listener does: a warning of the
 * process, at most ten in each place. Left alone, it would end the process.
 *
 * @param where - names the code that threw, in the words of a user: `onCall`, `a timer`. A text of the code, so there are few
 */
export function reportIgnored(where: string, error: unknown): void {
  const before = warnings.get(where) ?? 0;
  if (before >= mostWarnings) return;
  warnings.set(where, before + 1);
  process.emitWarning(`${where} threw and is ignored: ${textOf(error)}`, 'EventstoreActionsWarning');
}

/** Runs code of which nothing may be thrown: a listener, the action of a timer, a function of the user. */
export function runReporting(where: string, action: () => unknown): void {
  try {
    const result = action();
    // An async function passes for one that returns nothing.
    if (result instanceof Promise) reportRejection(where, result);
  } catch (error) {
    reportIgnored(where, error);
  }
}

/** For a promise that is not waited for. */
export function reportRejection(where: string, promise: Promise<unknown>): void {
  promise.catch((error: unknown) => reportIgnored(where, error));
}

function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'something that has no text';
  }
}
