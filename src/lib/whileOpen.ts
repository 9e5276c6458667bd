import { ActionsClosedError } from '../errors.js';

/** The same functions; each throws {@link ActionsClosedError} once `isClosed` is true. All of them return promises. */
export function whileOpen<Members extends object>(members: Members, isClosed: () => boolean): Members {
  const guarded = Object.entries(members).map(([name, member]) => {
    const call = member as (...parameters: unknown[]) => Promise<unknown>;
    const open = (...parameters: unknown[]) =>
      isClosed() ? Promise.reject(new ActionsClosedError()) : call(...parameters);
    return [name, open];
  });
  return Object.fromEntries(guarded) as Members;
}
