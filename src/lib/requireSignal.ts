import { InvalidArgumentError } from '../errors.js';

/**
 * Checks a signal before anything is called or written. By what it can do, as test runners bring classes of their own.
 *
 * @throws {@link InvalidArgumentError}
 */
export function requireSignal(signal: unknown): void {
  if (signal === undefined) return;
  const { throwIfAborted, addEventListener } = (signal ?? {}) as Partial<AbortSignal>;
  if (typeof throwIfAborted !== 'function' || typeof addEventListener !== 'function')
    throw new InvalidArgumentError('signal is an AbortSignal; nothing was called or written');
}
