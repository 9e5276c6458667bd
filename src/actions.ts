import { randomBytes, randomUUID } from 'node:crypto';
import { createCatalogue, type CatalogueListing } from './execution/catalogue.js';
import { systemClock } from './lib/clock.js';
import { createCommandHandler } from './commands/commandHandler.js';
import { createExecutionCommands, type ExecutionCommands } from './commands/executions.js';
import { createNameReservation } from './commands/nameReservation.js';
import { createQueries, type ExecutionQueries, type TargetQueries } from './commands/queries.js';
import { createReencryption, type Reencrypt } from './commands/reencryption.js';
import { createTargetKeys, type TargetKeys } from './commands/targetKeys.js';
import { checkedTargetIDs } from './commands/targetIDs.js';
import { createTargetCommands, type TargetCommands } from './commands/targets.js';
import { ActionsClosedError, InvalidArgumentError } from './errors.js';
import { registerAccess } from './deliveries/context/actionsAccess.js';
import { isDurable } from './execution/eventRoute.js';
import type { Occurrence } from './execution/condition.js';
import { createCallPath } from './firing/callPath.js';
import { createJwtKeys, type JwtKeys } from './signing/jwtKeys.js';
import { createNetworkPolicy, type NetworkExplanation } from './network/networkPolicy.js';
import type { NetworkPolicySource } from './network/networkPolicyOptions.js';
import { observeGauges } from './firing/telemetry/gauges.js';
import { checkExtraHeaders } from './firing/calls/reservedHeaders.js';
import { generateSigningKey } from './signing/signingKey.js';
import { inspectPublicKey } from './signing/publicKey.js';
import { readHealth, type Health } from './health.js';
import { callerWithin, currentCaller, runAsCaller, type Caller } from './hooks/context/caller.js';
import { checkedEventName } from './hooks/eventName.js';
import { createFunctionHook, functionsByName, type FunctionHook } from './hooks/functions.js';
import { interceptStore } from './hooks/intercept.js';
import { hooks, type Hooks, type InterceptingActions } from './hooks/hookOf.js';
import { createAdmit } from './hooks/operations/admission.js';
import { createAppendHook } from './hooks/operations/appendHook.js';
import { createFindPending } from './hooks/operations/pendingOperation.js';
import { createReadiness } from './hooks/context/readiness.js';
import type { Rehearse } from './hooks/rehearsal.js';
import { createRehearse } from './hooks/rehearse.js';
import { createMessageHook, createRequestHook, type RequestHook } from './hooks/request.js';
import { plaintextKeyring, reseal } from './signing/keyring.js';
import { parseLimits } from './limits.js';
import { parseActionsOptions, type ActionsOptions } from './options.js';
import type { EventStore } from './ports.js';
import { explain, type Explanation } from './routing/explain.js';
import { memoryIndexStore } from './routing/indexStore.js';
import { startProjection } from './routing/projection.js';
import type { RebuildOptions, RebuildResult } from './routing/buildIndex.js';
import { createRouter } from './routing/router.js';
import { whileOpen } from './lib/whileOpen.js';

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
  /** What was registered: `catalogue` of the options, and the functions that are defined. */
  catalogue(): CatalogueListing;
  /**
   * Runs `action` on behalf of a caller, who reaches every payload and every append without being passed on. Merges over
   * the caller around it: what is not stated is what it was.
   */
  runAs<Result>(caller: Caller, action: () => Result): Result;
  /** What would be called for something that happens, and why. Calls nobody. */
  explain(occurrence: Occurrence): Explanation;
  /**
   * Renders the calls that something would bring, signed, and with `send` makes them, marked as a rehearsal. Appends nothing.
   */
  readonly rehearse: Rehearse;
  /**
   * The public halves of `jwtKeys` as a JSON Web Key Set, for a handler that receivers of `jwt` and `jwe` payloads read.
   * Without `jwtKeys` it is empty.
   */
  readonly jwks: JwtKeys['jwks'];
  /** The public halves of `ed25519SigningKeys` (`whpk_...`), for the `signingKeys` of receivers. */
  verificationKeys(): readonly string[];
  /** Resolves once the index has been complete. @throws {@link ActionsClosedError} */
  ready(): Promise<void>;
  /** Resolves once the index holds everything up to `position`; at once for `undefined`. @throws the reason of `signal`; {@link ActionsClosedError} */
  whenApplied(position: bigint | undefined, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** What an operator watches: index, calls, queues, breakers. It never throws. */
  health(): Health;
  /** Builds the index anew from the first event, aside, and puts it in the place of the old one at once. Calls nobody. @throws the reason of `signal`; {@link EventStoreUnavailableError}; the old index then stays */
  rebuild(options?: RebuildOptions): Promise<RebuildResult>;
  /** Compares the index in use with one built anew from the first event, and changes nothing. @throws the reason of `signal`; {@link EventStoreUnavailableError} */
  verify(options?: RebuildOptions): Promise<RebuildResult>;
  /**
   * Seals the signing keys and header values of all targets, in every instance, under the active key of the keyring: what
   * has to be done before an old key is taken out of it, or after `'plaintext'`. No signature changes. Each target is one
   * append; a run that was cut off is completed by the next, and a run that finds nothing to do appends nothing. Secrets
   * that do not open are reported and left as they are.
   *
   * Events of before stay as they are: what was stored in the clear can still be read in the history of its stream.
   *
   * @throws {@link InvalidArgumentError} without a keyring
   */
  readonly reencrypt: Reencrypt;
  /** The network policy in use. */
  readonly network: {
    explain(endpoint: string): NetworkExplanation;
    /** Replaces the network policy and closes pooled sockets. @throws {@link InvalidArgumentError}; the old one then stays */
    change(policy: NetworkPolicySource): Promise<void>;
  };
  /** Drains async calls within `limits.drainMs` and closes everything that was opened here. Stores that were given stay open. It never rejects. */
  close(): Promise<void>;
}

/**
 * Opens the actions of an event store: the targets and executions kept in it, and the hooks that call them.
 *
 * @throws {@link InvalidArgumentError} for an option that is not understood
 */
export async function createActions(options: ActionsOptions): Promise<Actions> {
  const parsed = parseActionsOptions(options);
  const { eventStore: store, mode } = parsed;
  const limits = parseLimits(options.limits);
  const generateID = options.generateID ?? randomUUID;
  const generateTargetID = checkedTargetIDs(options.generateTargetID ?? generateID);
  const clock = systemClock(options.now);
  const keyring = options.keyring === 'plaintext' ? plaintextKeyring : options.keyring;
  const jwtKeys = options.jwtKeys && createJwtKeys(options.jwtKeys);
  const policy = createNetworkPolicy(options.network);
  let closing: Promise<void> | undefined;

  const isClosed = () => closing !== undefined;
  const caller = callerWithin(parsed.instanceID);
  const instanceID = () => caller().instanceID;

  const indexStore = options.indexStore ?? memoryIndexStore();
  const indexOf = (instance: string) => projection.instance(instance);
  const callPath = createCallPath({
    settings: options,
    policy,
    clock,
    limits,
    mode,
    keyring: keyring ?? plaintextKeyring,
    jwtKeys,
    isTarget: (instance, targetID) => projection.mayHaveTarget(instance, targetID),
  });
  const { fire, http, drain } = callPath;
  const projection = startProjection({ store, indexStore, clock, random: Math.random });
  const stopObserving = observeGauges({ ...callPath, projection });
  const router = createRouter(projection, limits.resolvedTargets);
  const readiness = createReadiness(projection, clock, mode);

  const admit = createAdmit({ readiness, limits, caller, isClosed });
  const operations = { admit, router, fire, generateID };
  const { events = {}, ...messageSchemas } = options.schemas ?? {};
  const eventName = checkedEventName(options.eventName ?? (({ type }) => type));
  const appendHook = createAppendHook({
    ...operations,
    clock,
    eventName,
    schemas: events,
    isClosed,
  });
  const messages = { find: createFindPending(operations), schemas: messageSchemas };
  const messageHook = createMessageHook(messages);
  const requestHook = createRequestHook(messages);
  const functions = functionsByName(options.functions ?? []);
  const functionHook = createFunctionHook(messages.find, functions);
  const rehearse = createRehearse({
    ...callPath,
    router,
    readiness,
    generateID,
    caller,
    isClosed,
    limits,
    clock,
    mode,
    target: (instance, targetID) => indexOf(instance).target(targetID),
    functions,
    schemas: options.schemas ?? {},
  });
  const catalogue = createCatalogue(options.catalogue, [...functions.keys()]);

  const handler = createCommandHandler({
    store,
    clock,
    generateID,
    metadata: (instance) => {
      const { userID } = currentCaller();
      return { instanceID: instance, ...(userID !== undefined && { userID }) };
    },
    onRead: (recorded) => projection.applyOwn(recorded),
  });
  const targetCommands = createTargetCommands({
    handler,
    names: createNameReservation(handler, clock),
    keyring,
    clock,
    instanceID,
    generateTargetID,
    generateSigningKey: () => generateSigningKey(randomBytes),
    hasJwtKeys: jwtKeys !== undefined,
    checkEndpoint: policy.assertEndpointMayBeSaved,
    checkHeaders: checkExtraHeaders,
  });
  const targetKeys = createTargetKeys({
    handler,
    clock,
    instanceID,
    generateTargetID,
    inspectPublicKey,
  });
  const reencrypt = createReencryption({
    store,
    handler,
    clock,
    reseal(sealed, context) {
      if (!keyring)
        throw new InvalidArgumentError(
          'there is no keyring to encrypt with: pass keyring: createKeyring({ activeKeyID, keys }) to createActions',
        );
      // What says that it is under the active key has to open too: the id may stand for another key.
      keyring.open(sealed, context);
      return reseal(keyring, sealed, context);
    },
    assertOpen() {
      if (isClosed()) throw new ActionsClosedError();
    },
  });
  const executionCommands = createExecutionCommands({
    handler,
    instanceID,
    index: indexOf,
    limits,
    assertKnown: catalogue.assertKnown,
  });
  const queries = createQueries({
    handler,
    instanceID,
    index: indexOf,
    mostTargets: limits.resolvedTargets,
  });

  /** Ends what delivers, before what it needs is closed. */
  const stops = new Set<() => Promise<void>>();

  async function close(): Promise<void> {
    await Promise.allSettled([...stops].map((stop) => stop()));
    await projection.close();
    await drain.run();
    http.close();
    await drain.ended();
    stopObserving();
  }

  const integrationHooks: Hooks = {
    version: 1,
    append: appendHook,
    messages: messageHook,
    forwardHeaders: parsed.forwardHeaders,
    defaultInstanceID: parsed.instanceID,
  };
  const actions: Actions = {
    [hooks]: integrationHooks,
    targets: {
      ...whileOpen({ ...targetCommands, ...queries.targets }, isClosed),
      // Looking at a key asks nothing of what was closed, and answers at once.
      keys: { ...whileOpen(targetKeys, isClosed), inspect: targetKeys.inspect },
    },
    executions: whileOpen({ ...executionCommands, ...queries.executions }, isClosed),
    intercept: (intercepted) => interceptStore(intercepted, { hook: appendHook, generateID }),
    request: requestHook.request,
    response: requestHook.response,
    function: functionHook.call,
    catalogue: catalogue.list,
    jwks: () => jwtKeys?.jwks() ?? { keys: [] },
    verificationKeys: () => callPath.verificationKeys,
    runAs: runAsCaller,
    explain: (occurrence) => explain(indexOf(instanceID()), occurrence, limits.resolvedTargets),
    rehearse,
    ...whileOpen(
      {
        ready: () => projection.whenCaughtUp(),
        whenApplied: async (
          position: bigint | undefined,
          { signal }: { readonly signal?: AbortSignal } = {},
        ) => {
          if (position !== undefined) await projection.whenApplied(position, signal);
        },
        reencrypt,
        ...projection.maintenance,
      },
      isClosed,
    ),
    health: () => readHealth({ projection, router, ...callPath }),
    network: {
      explain: (endpoint) => policy.explain(endpoint, instanceID()),
      change: async (next) => {
        if (isClosed()) throw new ActionsClosedError();
        policy.change(next);
      },
    },
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => actions.close(),
  };
  registerAccess(actions, {
    store,
    clock,
    random: Math.random,
    generateID,
    defaultInstanceID: parsed.instanceID,
    socketsPerHost: limits.socketsPerHost,
    callTarget: callPath.callAtOnce,
    report: callPath.reporter.report,
    eventName,
    route: (instance, name) => router.route(instance, 'event', name),
    target: (instance, targetID) => indexOf(instance).target(targetID),
    *durableTargets() {
      for (const instance of projection.index.instanceIDs())
        for (const [targetID, target] of indexOf(instance).targets())
          if (isDurable(target)) yield { instanceID: instance, targetID, target };
    },
    generation: () => projection.generation,
    indexPosition: () => projection.index.position,
    applyOwn: projection.applyOwn,
    whenApplied: projection.whenApplied,
    ready: () => projection.whenCaughtUp(),
    pauseTarget: (instance, targetID) =>
      runAsCaller({ instanceID: instance }, () => targetCommands.change(targetID, { paused: true })),
    beforeClose(stop) {
      stops.add(stop);
      return () => stops.delete(stop);
    },
    isClosed,
  });
  if (options.awaitReady !== false) await actions.ready();
  return actions;
}
