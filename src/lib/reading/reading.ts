import { types } from 'node:util';
import { InvalidArgumentError, isActionsError } from '../../errors.js';
import { isCallable, shownType } from './shownValue.js';

/**
 * Reads a member of the caller's input. A getter or a `Proxy` of the caller may run here; an error that it throws
 * becomes an error of the input.
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
 * Checks that an object of the caller, such as a store, has all these functions. Calls none of them.
 *
 * @param rule - what the object has to be; the error adds what it is, and that nothing was called or written
 * @throws {@link InvalidArgumentError}
 */
export function requireFunctions(value: unknown, names: readonly string[], rule: string): void {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  const members = value as Readonly<Record<string, unknown>>;
  const has = (name: string) => reading(rule, () => typeof members[name]) === 'function';
  const missing = isObject ? names.find((name) => !has(name)) : undefined;
  if (isObject && missing === undefined) return;
  const given = missing === undefined ? `, not ${shownType(value)}` : `; this one has no function ${missing}`;
  throw new InvalidArgumentError(`${rule}${given}; nothing was called or written`);
}

/**
 * Refuses a promise: read as an object it has no members, and would be taken for an empty one. A `Proxy` is not asked:
 * `instanceof` would run its traps.
 *
 * @throws {@link InvalidArgumentError} that names it
 */
export function requireNoPromise(value: unknown, name: string): void {
  if (types.isPromise(value))
    throw new InvalidArgumentError(
      `${name} must not be a promise: await it first; nothing was called or written`,
    );
}

/** @throws {@link InvalidArgumentError} with `problem` for a value that is no object */
export function requireObject(value: unknown, problem: string): void {
  if (typeof value !== 'object' || value === null) throw new InvalidArgumentError(problem);
}

/** Checks that a value is a function, and no class, or `undefined`. @throws {@link InvalidArgumentError} that names it */
export function requireFunction(value: unknown, name: string): void {
  if (value !== undefined && !isCallable(value))
    throw new InvalidArgumentError(
      `${name} is a function, not ${shownType(value)}; nothing was called or written`,
    );
}

/** Checks that a value is `true`, `false` or `undefined`. @throws {@link InvalidArgumentError} that names it */
export function requireBoolean(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw new InvalidArgumentError(
      `${name} is true or false, not ${shownType(value)}; nothing was called or written`,
    );
}

/**
 * Refuses options for a function that has none, so that the caller does not rely on them.
 *
 * @param more - the arguments after the last one
 * @throws {@link InvalidArgumentError}
 */
export function requireNoOptions(more: readonly unknown[], what: string): void {
  if (more.some((each) => each !== undefined))
    throw new InvalidArgumentError(`${what} has no options; nothing was called or written`);
}

/** @throws {@link InvalidArgumentError} for a value that is no clock */
export function requireClock(clock: unknown): void {
  requireFunctions(clock, ['now', 'elapsed', 'after'], 'clock has the functions now, elapsed and after');
}
