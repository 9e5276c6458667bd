import { randomBytes, randomUUID } from 'node:crypto';
import { createCatalogue, type CatalogueListing } from './execution/catalogue.js';
import { systemClock } from './lib/clock.js';
import { createAllCommands } from './commands/allCommands.js';
import type { ExecutionCommands } from './commands/executions.js';
import type { ExecutionQueries, TargetQueries } from './commands/queries.js';
import type { Reencrypt } from './commands/reencryption.js';
import type { TargetKeys } from './commands/targetKeys.js';
import { checkedTargetIDs } from './commands/targetIDs.js';
import type { TargetCommands } from './commands/targets.js';
import { InvalidArgumentError } from './errors.js';
import { registerAccess, type TargetOfInstance } from './deliveries/context/actionsAccess.js';
import { isDurable } from './execution/eventRoute.js';
import type { Occurrence } from './execution/condition.js';
import { createCallPath } from './firing/callPath.js';
import type { Calls } from './firing/reporting/callLog.js';
import { createJwtKeys, type JwtKeys } from './signing/jwtKeys.js';
import { createNetworkPolicy, type NetworkExplanation } from './network/networkPolicy.js';
import type { NetworkPolicySource } from './network/networkPolicyOptions.js';
import { observeGauges } from './firing/telemetry/gauges.js';
import { checkExtraHeaders } from './firing/calls/reservedHeaders.js';
import { generateSigningKey } from './signing/signingKey.js';
import { inspectPublicKey } from './signing/publicKey.js';
import { readHealth, type Health } from './health.js';
import { createAllHooks } from './hooks/allHooks.js';
import { callerWithin, currentCaller, runAsCaller, type Caller } from './hooks/context/caller.js';
import { functionsByName, type FunctionHook } from './hooks/functions.js';
import { interceptStore } from './hooks/intercept.js';
import { hooks, type InterceptingActions } from './hooks/hookOf.js';
import { createReadiness } from './hooks/context/readiness.js';
import type { Rehearse } from './hooks/rehearsal.js';
import type { RequestHook } from './hooks/request.js';
import { plaintextKeyring, reseal } from './signing/keyring.js';
import { parseLimits } from './limits.js';
import { parseActionsOptions, type ActionsOptions } from './options.js';
import type { Clock, EventStore, Keyring, SealedSecret } from './ports.js';
import { explain, type Explanation } from './routing/explain.js';
import { indexStoreOf } from './routing/givenIndexStore.js';
import { startProjection, type Projection } from './routing/projection.js';
import { reportWaiting } from './routing/reportWaiting.js';
import type { RebuildOptions, RebuildResult } from './routing/buildIndex.js';
import { createRouter, type Router } from './routing/router.js';
import { checkedStore } from './events/contract/checkedStore.js';
import { requirePosition } from './events/portOptions.js';
import { readOptions, signalOnly } from './lib/reading/readOptions.js';
import { requireSignal } from './lib/reading/requireSignal.js';
import { assertOpen, whileOpen } from './lib/whileOpen.js';

/** Targets, executions, and the hooks that call them. Made by {@link createActions}. */
export interface Actions extends InterceptingActions, AsyncDisposable {
  /** Commands and queries of targets, in the instance of `runAs`. */
  readonly targets: TargetCommands & TargetQueries & { readonly keys: TargetKeys };
  /** Commands and queries of executions, in the instance of `runAs`. */
  readonly executions: ExecutionCommands & ExecutionQueries;
  /**
   * The same store, whose appends call the matching targets first.
   *
   * @returns the store; its `append` throws {@link TargetInterruptedError} when a target vetoes, and then this attempt
   *   appended nothing
   */
  intercept<Store extends EventStore>(store: Store): Store;
  /** Calls the targets of a request before it is handled. @throws {@link TargetInterruptedError}, {@link DeadlineExceededError}, {@link IndexNotReadyError}, {@link ReentrancyLimitError}, {@link ActionsClosedError} */
  readonly request: RequestHook['request'];
  /** Calls the targets of a response before it is sent. @throws as `request` does */
  readonly response: RequestHook['response'];
  /** Calls the targets of a named function and merges what they answer. @throws as `request` does */
  readonly function: FunctionHook['call'];
  /** The registered names: `catalogue` of the options, and the defined functions. */
  catalogue(): CatalogueListing;
  /**
   * Runs `action` on behalf of a caller; the async context carries the caller to every payload and every append. Fields
   * that are left out keep the value of the surrounding caller.
   */
  runAs<Result>(caller: Caller, action: () => Result): Result;
  /** The targets that an occurrence would call, and why. Calls none of them. @throws {@link InvalidArgumentError}; {@link IndexNotReadyError}; {@link ActionsClosedError} */
  explain(occurrence: Occurrence): Explanation;
  /** Renders the calls of an occurrence, signed, and with `send` makes them, marked as a rehearsal. Appends nothing. @throws as {@link Rehearse} does */
  readonly rehearse: Rehearse;
  /**
   * The public halves of `jwtKeys` as a JSON Web Key Set, for an HTTP handler that receivers of `jwt` and `jwe`
   * payloads read. Empty without `jwtKeys`.
   */
  readonly jwks: JwtKeys['jwks'];
  /** The public halves of `ed25519SigningKeys` (`whpk_...`), for the `signingKeys` of receivers. */
  verificationKeys(): readonly string[];
  /** Resolves once the condition index is complete for the first time. @throws {@link ActionsClosedError} */
  ready(): Promise<void>;
  /** Resolves once the index holds everything up to `position`; at once for `undefined`. @throws the reason of `signal`; {@link ActionsClosedError} */
  whenApplied(position: bigint | undefined, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** The latest calls of this process, in the instance of `runAs`. */
  readonly calls: Calls;
  /** The state for operators: index, calls, queues, breakers. It never throws. */
  health(): Health;
  /**
   * Builds a new index from the first event and swaps it in at once. Calls no target.
   * @throws the reason of `signal`; {@link EventStoreUnavailableError}; the index in use then stays
   */
  rebuild(options?: RebuildOptions): Promise<RebuildResult>;
  /** Compares the index in use with one built from the first event, and changes nothing. @throws the reason of `signal`; {@link EventStoreUnavailableError} */
  verify(options?: RebuildOptions): Promise<RebuildResult>;
  /**
   * Seals the signing keys and header values of all targets, in every instance, under the active key of the keyring: do
   * this before you take an old key out of it, or after `'plaintext'`. Signatures stay the same. Each target is one
   * append; after an interrupted run, the next completes it, and a run that finds nothing to do appends nothing.
   * Secrets that do not open are reported and stay unchanged.
   *
   * Existing events are not rewritten: a secret that was stored in the clear can still be read in the history of its
   * stream.
   *
   * @throws {@link InvalidArgumentError} without a keyring
   */
  readonly reencrypt: Reencrypt;
  /** The network policy in use. */
  readonly network: {
    explain(endpoint: string): NetworkExplanation;
    /** Replaces the network policy and closes pooled sockets. @throws {@link InvalidArgumentError}; the policy in use then stays */
    change(policy: NetworkPolicySource): Promise<void>;
  };
  /**
   * Waits up to `limits.drainMs` for async calls, and closes everything that the actions opened. Stores that were
   * passed in stay open. It never rejects.
   *
   * From then on every function that calls a target, uses a store or answers from the index fails with
   * {@link ActionsClosedError}: hooks, commands, queries, `explain`, `calls.subscribe`. The functions that tell what this
   * process holds still answer: `health`, `calls.list`, `catalogue`, `jwks`, `verificationKeys`, `network.explain`,
   * `targets.keys.inspect`.
   */
  close(): Promise<void>;
}

/**
 * Opens the actions of an event store: the targets and executions kept in it, and the hooks that call them.
 *
 * @throws {@link InvalidArgumentError} for an unknown or malformed option
 */
export async function createActions(given: ActionsOptions): Promise<Actions> {
  const parsed = parseActionsOptions(given);
  const { mode, options } = parsed;
  const store = checkedStore(parsed.eventStore);
  const limits = parseLimits(options.limits);
  const generateID = options.generateID ?? randomUUID;
  const generateTargetID = checkedTargetIDs(options.generateTargetID ?? generateID);
  const clock = systemClock(options.now);
  const keyring = options.keyring === 'plaintext' ? plaintextKeyring : options.keyring;
  const jwtKeys = options.jwtKeys === undefined ? undefined : createJwtKeys(options.jwtKeys);
  const policy = createNetworkPolicy(options.network);
  const indexStore = indexStoreOf(options.indexStore);
  // Check the catalogue before anything is opened: a refused option leaves nothing open.
  const catalogue = createCatalogue(options.catalogue, [...functionsByName(parsed.functions).keys()]);
  let closing: Promise<void> | undefined;

  const isClosed = () => closing !== undefined;
  const caller = callerWithin(parsed.instanceID);
  const instanceID = () => caller().instanceID;
  const index = (instance: string) => projection.instance(instance);
  const target = (instance: string, targetID: string) => index(instance).target(targetID);
  const shared = { store, clock, generateID, limits, mode, target, isClosed };

  const callPath = createCallPath({
    ...shared,
    settings: options,
    policy,
    jwtKeys,
    keyring: keyring ?? plaintextKeyring,
    isTarget: (instance, targetID) => projection.mayHaveTarget(instance, targetID),
  });
  const projection = startProjection({ store, indexStore, clock, random: Math.random });
  const stopObserving = observeGauges({ ...callPath, projection });
  /** Closes the users of the actions before the parts that they need. */
  const stops = new Set<() => Promise<void>>();

  async function close(): Promise<void> {
    await Promise.allSettled([...stops].map((stop) => stop()));
    await projection.close();
    await callPath.drain.run();
    callPath.http.close();
    await callPath.drain.ended();
    callPath.closeCalls();
    stopObserving();
  }

  const router = createRouter(projection, limits.resolvedTargets);
  const operationHooks = createAllHooks({
    ...callPath,
    ...shared,
    router,
    caller,
    readiness: createReadiness(projection, clock, mode),
    eventName: options.eventName,
    functions: parsed.functions,
    schemas: parsed.schemas,
  });
  const commands = createAllCommands({
    ...shared,
    generateTargetID,
    instanceID,
    index,
    keyring,
    mostTargets: limits.resolvedTargets,
    userID: () => currentCaller().userID,
    onRead: projection.applyOwn,
    generateSigningKey: () => generateSigningKey(randomBytes),
    inspectPublicKey,
    hasJwtKeys: jwtKeys !== undefined,
    checkEndpoint: policy.assertEndpointMayBeSaved,
    checkHeaders: checkExtraHeaders,
    assertKnown: catalogue.assertKnown,
    reseal: (sealed, context) => resealOpened(keyring, sealed, context),
  });

  const actions: Actions = {
    [hooks]: {
      version: 1,
      append: operationHooks.append,
      messages: operationHooks.messages,
      forwardHeaders: parsed.forwardHeaders,
      defaultInstanceID: parsed.instanceID,
    },
    targets: commands.targets,
    executions: commands.executions,
    intercept: (intercepted, ...more: readonly unknown[]) =>
      interceptStore(intercepted, { hook: operationHooks.append, generateID }, more),
    request: operationHooks.requests.request,
    response: operationHooks.requests.response,
    function: operationHooks.functions.call,
    catalogue: catalogue.list,
    jwks: () => jwtKeys?.jwks() ?? { keys: [] },
    verificationKeys: () => callPath.verificationKeys,
    runAs: runAsCaller,
    explain(occurrence) {
      assertOpen(isClosed);
      return explain(index(instanceID()), occurrence, limits.resolvedTargets);
    },
    rehearse: operationHooks.rehearse,
    reencrypt: commands.reencrypt,
    ...whileOpen({ ...waitsFor(projection), ...projection.maintenance }, isClosed),
    calls: callPath.calls(instanceID),
    health: () => readHealth({ projection, router, ...callPath }),
    network: {
      explain: (endpoint) => policy.explain(endpoint, instanceID()),
      ...whileOpen({ change: async (next: NetworkPolicySource) => policy.change(next) }, isClosed),
    },
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => actions.close(),
  };
  registerAccess(actions, {
    ...deliveryAccess(projection, router, commands.targets),
    ...shared,
    random: Math.random,
    defaultInstanceID: parsed.instanceID,
    socketsPerHost: limits.socketsPerHost,
    callTarget: callPath.callAtOnce,
    report: callPath.reporter.report,
    eventName: operationHooks.eventName,
    beforeClose(stop) {
      stops.add(stop);
      return () => stops.delete(stop);
    },
  });
  return parsed.awaitReady ? onceReady(actions, clock) : actions;
}

/** The waits for the index that users call. */
const waitsFor = (projection: Projection): Pick<Actions, 'ready' | 'whenApplied'> => ({
  ready: () => projection.whenCaughtUp(),
  async whenApplied(position, options) {
    const { signal } = readOptions(options, signalOnly, 'whenApplied');
    requireSignal(signal);
    if (position !== undefined) await projection.whenApplied(requirePosition(position), signal);
  },
});

/** Closes the actions where the index does not become complete. */
async function onceReady(actions: Actions, clock: Clock): Promise<Actions> {
  try {
    await reportWaiting(actions.ready(), actions.health, clock);
    return actions;
  } catch (error) {
    await actions.close();
    throw error;
  }
}

/** @throws {@link InvalidArgumentError} without a keyring; {@link SecretUnreadableError} for a secret that does not open */
function resealOpened(keyring: Keyring | undefined, sealed: SealedSecret, context: string): SealedSecret {
  if (!keyring)
    throw new InvalidArgumentError(
      'there is no keyring to encrypt with: pass keyring: createKeyring({ activeKeyID, keys }) to createActions; nothing was written',
    );
  // Open the secret even where it names the active key: the keyring may hold other bytes under that id.
  keyring.open(sealed, context);
  return reseal(keyring, sealed, context);
}

/** The reads of the index and the one command that durable delivery needs. */
function deliveryAccess(projection: Projection, router: Router, targets: Actions['targets']) {
  return {
    *durableTargets(): Iterable<TargetOfInstance> {
      for (const instanceID of projection.index.instanceIDs())
        for (const [targetID, target] of projection.instance(instanceID).targets())
          if (isDurable(target)) yield { instanceID, targetID, target };
    },
    generation: () => projection.generation,
    indexPosition: () => projection.index.position,
    applyOwn: projection.applyOwn,
    whenApplied: projection.whenApplied,
    ready: () => projection.whenCaughtUp(),
    route: (instanceID: string, name: string) => router.route(instanceID, 'event', name),
    pauseTarget: (instanceID: string, targetID: string) =>
      runAsCaller({ instanceID }, () => targets.change(targetID, { paused: true })),
  };
}
