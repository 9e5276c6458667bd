import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';
import { instanceIDSchema, parseInput } from '../../lib/input.js';

/** Characters of an id. */
const maxLength = 1_000;
const text = z.string().max(maxLength).optional();

/**
 * The caller of an operation. A field that is left out or `undefined` keeps the value of the surrounding caller. Ids
 * have at most 1 000 characters.
 */
export interface Caller {
  /** The instance whose targets and executions apply. `[A-Za-z0-9_-]{1,200}`. @defaultValue that of `createActions` */
  readonly instanceID?: string | undefined;
  /** The organisation; sent to targets. @defaultValue left out */
  readonly orgID?: string | undefined;
  /** The project; sent to targets. @defaultValue left out */
  readonly projectID?: string | undefined;
  /** The user; sent to targets and kept in the metadata of commands. @defaultValue left out */
  readonly userID?: string | undefined;
  /**
   * Identifies the operation: a retry with the same id has the same `webhook-id`. @defaultValue an id drawn for each
   * operation
   */
  readonly requestID?: string | undefined;
  /** The method that is being handled, `/<service>/<method>`; sent to targets of events. @defaultValue left out */
  readonly fullMethod?: string | undefined;
  /** How many endpoints lie between the first operation and this one: a whole number from 0. @defaultValue 0 */
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

/** The caller as the async context carries it. */
export interface CallerContext extends Caller {
  /** How many endpoints lie between the first operation and this one. */
  readonly depth: number;
}

const storage = new AsyncLocalStorage<CallerContext>();
const noCaller: CallerContext = { depth: 0 };

/** The caller of the code that runs now. */
export const currentCaller = (): CallerContext => storage.getStore() ?? noCaller;

/** A caller whose instance is known. */
export type SettledCaller = CallerContext & { readonly instanceID: string };

/** The caller of the code that runs now; the given instance applies where it names none. Made once for each context. */
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
/** The instance that last passed the check: it is nearly always the same. */
let lastInstanceID: string | undefined;

/** Whether the schema would accept the instance. Runs for every incoming call; the schema would cost microseconds. */
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

/** What an integration knows of a call besides its caller. */
export interface Arrival {
  readonly fullMethod?: string;
  /** Depth of a call that states none. */
  readonly depth?: number | undefined;
  /** Request id of a call that states none, where the surrounding context has none. */
  readonly instanceID?: string;
}

/**
 * The surrounding caller with the stated fields replaced. Every context has the same fields.
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

/** Runs `action` in a context that was made before, such as that of a stream, at each of its steps. */
export const runInContext = <Result>(context: CallerContext, action: () => Result): Result =>
  storage.run(context, action);

/**
 * Runs `action` on behalf of a caller; the async context carries the caller to every event payload. Fields that are
 * left out, the depth included, keep the value of the surrounding caller.
 *
 * @throws {@link InvalidArgumentError} for a malformed id, or a depth that is not a whole number of at least 0
 */
export const runAsCaller = <Result>(caller: Caller, action: () => Result): Result =>
  runInContext(callerContext(caller), action);
