import { InvalidArgumentError } from '../errors.js';
import type { AppendHook } from './operations/appendHook.js';
import { reading } from '../lib/reading/reading.js';
import { shownType } from '../lib/reading/shownValue.js';
import type { MessageHook } from './request.js';

/** The hooks of an actions object, for the integrations of this package. */
interface Hooks {
  /** The version of this interface: two copies of the package work together where it is equal. */
  readonly version: 1;
  readonly append: AppendHook;
  readonly messages: MessageHook;
  /** Names of caller headers that targets receive, in lower case. */
  readonly forwardHeaders: readonly string[];
  /** The instance of calls that name none. */
  readonly defaultInstanceID: string;
}

declare global {
  /** Declared here, because TypeScript takes a symbol of two copies of a package for one only where both merge into one interface. */
  interface SymbolConstructor {
    readonly eventstoreActionsHooks: unique symbol;
  }
}

/** The member of an actions object that holds its hooks, the same in every copy of this package. */
export const hooks: typeof Symbol.eventstoreActionsHooks = Symbol.for(
  'eventstore-actions.hooks',
) as typeof Symbol.eventstoreActionsHooks;

/** An object that `createActions` made. Integrations need no other member of it. */
export interface InterceptingActions {
  /** For integrations of this package. */
  readonly [hooks]: object;
}

/** @throws {@link InvalidArgumentError} for anything that `createActions` did not make */
export function hooksOf(actions: InterceptingActions): Hooks {
  const found: Partial<Hooks> | undefined = reading(
    'the actions object',
    () => (actions as Partial<InterceptingActions> | null | undefined)?.[hooks],
  );
  if (!found)
    throw new InvalidArgumentError(
      `actions is an object that createActions of this package made, not ${shownType(actions)}; nothing was called or written`,
    );
  if (found.version !== 1)
    throw new InvalidArgumentError(
      `this actions object was made by another version of eventstore-actions (hooks ${String(found.version)}, not 1): ` +
        'install one version of it; nothing was called or written',
    );
  return found as Hooks;
}

/** The hook before an append. @throws {@link InvalidArgumentError} as {@link hooksOf} */
export const hookOf = (actions: InterceptingActions): AppendHook => hooksOf(actions).append;
