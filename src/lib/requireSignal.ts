import { InvalidArgumentError } from '../errors.js';

/**
 * Checks a signal before anything is called or written. Checks its members and not its class, as test runners bring
 * their own `AbortSignal`.
 *
 * @throws {@link InvalidArgumentError}
 */
export function requireSignal(signal: unknown): void {
  if (signal === undefined) return;
  const { throwIfAborted, addEventListener } = (signal ?? {}) as Partial<AbortSignal>;
  if (typeof throwIfAborted !== 'function' || typeof addEventListener !== 'function')
    throw new InvalidArgumentError('signal is an AbortSignal; nothing was called or written');
}
