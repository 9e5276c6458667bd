import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';
import { InvalidArgumentError } from '../../errors.js';
import { instanceIDSchema, parseInput } from '../../lib/input.js';
import { reading, requireNoPromise } from '../../lib/reading/reading.js';
import { isCallable, shownType } from '../../lib/reading/shownValue.js';

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
   * Identifies the operation: a retry with the same id has the same `webhook-id`.
   * @defaultValue an id drawn for each operation
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

/** The contexts in which {@link runAsCaller} made others. */
const around = new WeakMap<CallerContext, CallerContext>();

/** Whether the code that runs now runs in this context, or in one that `runAs` made in it. */
export function isWithin(context: CallerContext): boolean {
  for (let each = storage.getStore(); each !== undefined; each = around.get(each))
    if (each === context) return true;
  return false;
}

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
const isInstanceID = (value: unknown): boolean => instanceIDSchema.safeParse(value).success;
/** The instance that last passed the check: it is nearly always the same. */
let lastInstanceID: string | undefined;

type Taken = { -readonly [Name in keyof Caller]: Caller[Name] };

/** Reads each member of a stated caller once: a getter or a `Proxy` may give another value later. */
const take = (caller: Caller): Taken => ({
  instanceID: caller.instanceID,
  orgID: caller.orgID,
  projectID: caller.projectID,
  userID: caller.userID,
  requestID: caller.requestID,
  fullMethod: caller.fullMethod,
  depth: caller.depth,
});

const isID = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && value.length <= maxLength);

/** Whether the schema would accept the instance. Runs for every incoming call; the schema would cost microseconds. */
function isWellFormed(taken: Taken): boolean {
  const { instanceID, depth } = taken;
  if (depth !== undefined && !(Number.isSafeInteger(depth) && depth >= 0)) return false;
  if (!isID(taken.orgID) || !isID(taken.projectID) || !isID(taken.userID)) return false;
  if (!isID(taken.requestID) || !isID(taken.fullMethod)) return false;
  if (instanceID !== undefined && instanceID !== lastInstanceID) {
    if (!isInstanceID(instanceID)) return false;
    lastInstanceID = instanceID;
  }
  return true;
}

function takeCaller(caller: Caller): Taken {
  requireNoPromise(caller, 'the caller');
  return reading('the caller', () => {
    if (typeof caller === 'object' && (caller as unknown) !== null && !Array.isArray(caller)) {
      let isKnown = true;
      for (const key in caller) isKnown &&= names.has(key) || caller[key as keyof Caller] === undefined;
      const taken = take(caller);
      if (isKnown && isWellFormed(taken)) return taken;
    }
    return parseInput(schema, caller, 'the caller');
  });
}

/** The facts of a call that its integration knows besides the caller. */
interface Arrival {
  readonly fullMethod?: string;
  /** Depth of a call that states none. */
  readonly depth?: number | undefined;
  /** Instance of a call that states none, where the surrounding context has none. */
  readonly instanceID?: string;
}

/**
 * The surrounding caller with the stated fields replaced. Every context has the same fields.
 *
 * @throws {@link InvalidArgumentError} for a malformed id, or a depth that is not a whole number of at least 0
 */
export function callerContext(caller: Caller, arrival: Arrival = {}): CallerContext {
  const context = takeCaller(caller);
  const around = currentCaller();
  context.instanceID ??= around.instanceID ?? arrival.instanceID;
  context.orgID ??= around.orgID;
  context.projectID ??= around.projectID;
  context.userID ??= around.userID;
  context.requestID ??= around.requestID;
  context.fullMethod = arrival.fullMethod ?? context.fullMethod ?? around.fullMethod;
  context.depth ??= arrival.depth ?? around.depth;
  return context as CallerContext;
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
export function runAsCaller<Result>(caller: Caller, action: () => Result): Result {
  const context = callerContext(caller);
  if (!isCallable(action))
    throw new InvalidArgumentError(
      `runAs runs a function, not ${shownType(action)}; nothing was called or written`,
    );
  around.set(context, currentCaller());
  return runInContext(context, action);
}
