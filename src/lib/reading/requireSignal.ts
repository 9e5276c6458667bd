import { requireFunctions } from './reading.js';

/**
 * Checks a signal before anything is called or written. It checks members and not the class: test runners bring classes
 * of their own.
 *
 * @throws {@link InvalidArgumentError}
 */
export function requireSignal(signal: unknown): void {
  if (signal === undefined) return;
  requireFunctions(
    signal,
    ['throwIfAborted', 'addEventListener', 'removeEventListener'],
    'signal is an AbortSignal',
  );
}
