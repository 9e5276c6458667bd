import { ActionsClosedError } from '../errors.js';

/** @throws {@link ActionsClosedError} once `isClosed` is true */
export function assertOpen(isClosed: () => boolean): void {
  if (isClosed()) throw new ActionsClosedError();
}

/** The same functions; each rejects with {@link ActionsClosedError} once `isClosed` is true. All of them return promises. */
export function whileOpen<Members extends object>(members: Members, isClosed: () => boolean): Members {
  const guarded = Object.entries(members).map(([name, member]) => {
    const call = member as (...parameters: unknown[]) => Promise<unknown>;
    const open = (...parameters: unknown[]) =>
      isClosed() ? Promise.reject(new ActionsClosedError()) : call(...parameters);
    return [name, open];
  });
  return Object.fromEntries(guarded) as Members;
}
