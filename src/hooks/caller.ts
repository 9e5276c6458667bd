import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';
import { instanceIDSchema, parseInput } from '../input.js';

const text = z.string().max(1_000).optional();

const schema = z.strictObject({
  instanceID: instanceIDSchema.optional(),
  orgID: text,
  projectID: text,
  userID: text,
  /** Names the operation: a retry with the same id makes the same `webhook-id`. */
  requestID: text,
  /** `/<service>/<method>` that is being handled. */
  fullMethod: text,
  /** How many targets' endpoints stand between the first operation and this one. */
  depth: z.number().int().min(0).optional(),
});

/** Who an operation is done for, and where it came from. What is left out is what the surrounding caller has. */
export type Caller = z.input<typeof schema>;

/** The caller as it is carried along. */
export interface CallerContext extends Readonly<Caller> {
  readonly depth: number;
}

const storage = new AsyncLocalStorage<CallerContext>();
const nobody: CallerContext = { depth: 0 };

/** The caller of the code that runs now. */
export const currentCaller = (): CallerContext => storage.getStore() ?? nobody;

/** A caller whose instance is settled. */
export type SettledCaller = CallerContext & { readonly instanceID: string };

/** The caller of the code that runs now, in the given instance where it names none. Made once for each context. */
export function callerWithin(defaultInstanceID: string): () => SettledCaller {
  const settled = new WeakMap<CallerContext, SettledCaller>();
  return () => {
    const context = currentCaller();
    if (context.instanceID !== undefined) return context as SettledCaller;
    let known = settled.get(context);
    if (!known) settled.set(context, (known = { ...context, instanceID: defaultInstanceID }));
    return known;
  };
}

/**
 * What the surrounding caller becomes where `caller` is stated.
 *
 * @throws {@link InvalidArgumentError} for a malformed id, or a depth that is not a whole number of at least 0
 */
export function callerContext(caller: Caller): CallerContext {
  const given: Readonly<Record<string, unknown>> = parseInput(schema, caller, 'the caller');
  const stated: Record<string, unknown> = {};
  for (const key in given) if (given[key] !== undefined) stated[key] = given[key];
  return { ...currentCaller(), ...stated };
}

/** Runs `action` in a context that was made before: at every step of a stream, say. */
export const runInContext = <Result>(context: CallerContext, action: () => Result): Result =>
  storage.run(context, action);

/**
 * Runs `action` on behalf of a caller, who reaches every event payload without being passed on. Merges over the caller
 * around it: what is not stated, the depth included, is what it was.
 *
 * @throws {@link InvalidArgumentError} for a malformed id, or a depth that is not a whole number of at least 0
 */
export const runAsCaller = <Result>(caller: Caller, action: () => Result): Result =>
  runInContext(callerContext(caller), action);
