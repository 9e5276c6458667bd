import { InvalidArgumentError } from '../errors.js';
import type { EventStore } from '../ports.js';
import type { AppendHook } from './append.js';
import type { MessageHook } from './request.js';

/** What `createActions` gives, as far as integrations ask for it: their types then need nothing else of it. */
export interface InterceptingActions {
  intercept<Store extends EventStore>(store: Store): Store;
}

/** What integrations of this package need of an actions object. */
export interface Hooks {
  readonly append: AppendHook;
  readonly messages: MessageHook;
  /** Names of caller headers that targets are shown, in lower case. */
  readonly forwardHeaders: readonly string[];
  /** Where calls are done that name no instance. */
  readonly defaultInstanceID: string;
}

const registered = new WeakMap<object, Hooks>();

/** Lets integrations of this package reach the hooks of an actions object without their being public. */
export function registerHooks(actions: object, hooks: Hooks): void {
  registered.set(actions, hooks);
}

/** @throws {@link InvalidArgumentError} for anything that `createActions` did not make */
export function hooksOf(actions: object): Hooks {
  const hooks = registered.get(actions);
  if (!hooks)
    throw new InvalidArgumentError('this is not an actions object that createActions of this package made');
  return hooks;
}

/** The hook before an append. @throws {@link InvalidArgumentError} as {@link hooksOf} */
export const hookOf = (actions: object): AppendHook => hooksOf(actions).append;
