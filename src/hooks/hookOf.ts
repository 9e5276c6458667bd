import { InvalidArgumentError } from '../errors.js';
import type { AppendHook } from './append.js';

const hooks = new WeakMap<object, AppendHook>();

/** Lets integrations of this package reach the hook of an actions object without its being public. */
export function registerHook(actions: object, hook: AppendHook): void {
  hooks.set(actions, hook);
}

/** @throws {@link InvalidArgumentError} for anything that `createActions` did not make */
export function hookOf(actions: object): AppendHook {
  const hook = hooks.get(actions);
  if (!hook)
    throw new InvalidArgumentError('this is not an actions object that createActions of this package made');
  return hook;
}
