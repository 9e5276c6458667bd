import { isActionsError, type EventStoreUnavailableError } from '../errors.js';

/** The code of an error of Node, such as `ECONNREFUSED`: the only part of it that is safe to show. */
export function errorCodeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'unknown error';
}

/** Whether a store is closed, so that trying again does not help. */
export const isFinal = (error: unknown): error is EventStoreUnavailableError =>
  isActionsError(error, 'EVENT_STORE_UNAVAILABLE') && error.closed;
