import { onAbort } from '../../lib/onAbort.js';

/** Resolves when the signal aborts: a command that has no end of its own runs until the user interrupts it. */
export const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => onAbort(signal, resolve));
