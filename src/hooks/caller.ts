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

/**
 * Runs `action` on behalf of a caller, who reaches every event payload without being passed on.
 *
 * @throws {@link InvalidArgumentError} for a malformed id, or a depth that is not a whole number of at least 0
 */
export function runAsCaller<Result>(caller: Caller, action: () => Result): Result {
  const given = parseInput(schema, caller, 'the caller');
  const stated = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return storage.run({ ...currentCaller(), ...stated }, action);
}
