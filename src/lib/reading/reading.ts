import { InvalidArgumentError, isActionsError } from '../../errors.js';

/**
 * Reads what a caller passed: the one place where a getter or a `Proxy` of the caller runs. What it throws is an error of
 * the input.
 *
 * @param what - names the input in the error
 * @throws {@link InvalidArgumentError}
 */
export function reading<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (isActionsError(cause)) throw cause;
    throw new InvalidArgumentError(`${what} cannot be read; nothing was called or written`, { cause });
  }
}

/**
 * An object of the caller's, such as a store, that has all these functions. They are looked at, and not called.
 *
 * @param problem - what the error says where it has not
 * @throws {@link InvalidArgumentError}
 */
export function requireFunctions(value: unknown, names: readonly string[], problem: string): void {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  const members = value as Readonly<Record<string, unknown>>;
  const has = (name: string) => reading(problem, () => typeof members[name]) === 'function';
  if (!isObject || !names.every(has)) throw new InvalidArgumentError(problem);
}

/** @throws {@link InvalidArgumentError} with `problem` for what is no object */
export function requireObject(value: unknown, problem: string): void {
  if (typeof value !== 'object' || value === null) throw new InvalidArgumentError(problem);
}

/** A function, or nothing. @throws {@link InvalidArgumentError} that names it */
export function requireFunction(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== 'function')
    throw new InvalidArgumentError(`${name} is a function; nothing was called or written`);
}

/**
 * Refuses options that are passed to a function that has none, so that the caller does not rely on them.
 *
 * @param more - the arguments after the last one
 * @throws {@link InvalidArgumentError}
 */
export function requireNoOptions(more: readonly unknown[], what: string): void {
  if (more.some((each) => each !== undefined))
    throw new InvalidArgumentError(`${what} has no options; nothing was called or written`);
}

/** @throws {@link InvalidArgumentError} for what is no clock */
export function requireClock(clock: unknown): void {
  requireFunctions(
    clock,
    ['now', 'elapsed', 'after'],
    'clock has the functions now, elapsed and after; nothing was called or written',
  );
}
