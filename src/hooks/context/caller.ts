import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';
import { instanceIDSchema, parseInput } from '../../lib/input.js';

/** Characters of an id. */
const maxLength = 1_000;
const text = z.string().max(maxLength).optional();

/**
 * Who an operation is done for, and where it came from. What is left out, or `undefined`, is what the surrounding caller
 * has. Ids have at most 1 000 characters.
 */
export interface Caller {
  /** Whose targets and executions are asked. `[A-Za-z0-9_-]{1,200}`. @defaultValue that of `createActions` */
  readonly instanceID?: string | undefined;
  /** The organisation; sent to targets. @defaultValue left out */
  readonly orgID?: string | undefined;
  /** The project; sent to targets. @defaultValue left out */
  readonly projectID?: string | undefined;
  /** The user; sent to targets and kept in the metadata of commands. @defaultValue left out */
  readonly userID?: string | undefined;
  /** Names the operation: a retry with the same id makes the same `webhook-id`. @defaultValue an id drawn for each operation */
  readonly requestID?: string | undefined;
  /** The method that is being handled, `/<service>/<method>`; sent to targets of events. @defaultValue left out */
  readonly fullMethod?: string | undefined;
  /** How many endpoints stand between the first operation and this one: a whole number from 0. @defaultValue 0 */
  readonly depth?: number | undefined;
}

const schema = z.strictObject({
  instanceID: instanceIDSchema.optional(),
  orgID: text,
  projectID: text,
  userID: text,
  requestID: text,
  fullMethod: text,
  depth: z.number().int().min(0).optional(),
} satisfies Record<keyof Caller, z.ZodType>);

/** The caller as it is carried along. */
export interface CallerContext extends Caller {
  /** How many endpoints stand between the first operation and this one. */
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

const names: ReadonlySet<string> = new Set(Object.keys(schema.shape));
const instanceID = (value: unknown): boolean => instanceIDSchema.safeParse(value).success;
/** The instance that was found well-formed last: it is nearly always the same one. */
let lastInstanceID: string | undefined;

/** Whether the schema would accept it. Asked for every call that comes in, where a schema costs microseconds. */
function isWellFormed(caller: Caller | null): boolean {
  if (typeof caller !== 'object' || caller === null || Array.isArray(caller)) return false;
  for (const key in caller) {
    const value: unknown = caller[key as keyof Caller];
    if (value === undefined) continue;
    if (!names.has(key)) return false;
    if (key === 'depth') {
      if (!Number.isSafeInteger(value) || (value as number) < 0) return false;
    } else if (typeof value !== 'string' || value.length > maxLength) return false;
    else if (key === 'instanceID' && value !== lastInstanceID) {
      if (!instanceID(value)) return false;
      lastInstanceID = value;
    }
  }
  return true;
}

/** What is known of a call besides what its caller is said to be. */
export interface Arrival {
  readonly fullMethod?: string;
  /** Of a call that states none. */
  readonly depth?: number | undefined;
  /** Of a call that names none, where nothing around it does. */
  readonly instanceID?: string;
}

/**
 * What the surrounding caller becomes where `caller` is stated. Every context has the same fields.
 *
 * @throws {@link InvalidArgumentError} for a malformed id, or a depth that is not a whole number of at least 0
 */
export function callerContext(caller: Caller, arrival: Arrival = {}): CallerContext {
  if (!isWellFormed(caller)) parseInput(schema, caller, 'the caller');
  const around = currentCaller();
  return {
    instanceID: caller.instanceID ?? around.instanceID ?? arrival.instanceID,
    orgID: caller.orgID ?? around.orgID,
    projectID: caller.projectID ?? around.projectID,
    userID: caller.userID ?? around.userID,
    requestID: caller.requestID ?? around.requestID,
    fullMethod: arrival.fullMethod ?? caller.fullMethod ?? around.fullMethod,
    depth: caller.depth ?? arrival.depth ?? around.depth,
  };
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
