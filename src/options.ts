import { z } from 'zod';
import type { CatalogueOptions } from './execution/catalogue.js';
import { InvalidArgumentError } from './errors.js';
import type { Mode } from './firing/enforcement.js';
import type { CallSettings } from './firing/callPath.js';
import type { JwtKeysOptions } from './signing/jwtKeys.js';
import type { NetworkPolicySource } from './network/networkPolicyOptions.js';
import type { ContentSchema } from './hooks/operations/contentSchema.js';
import type { AnyFunctionDefinition } from './hooks/operations/functionDefinition.js';
import { instanceIDSchema, parseInput } from './lib/input.js';
import { readOptions, type OptionNames } from './lib/reading/readOptions.js';
import { requireFunction, requireFunctions } from './lib/reading/reading.js';
import type { LimitOptions } from './limits.js';
import type { EventData, EventStore, Keyring } from './ports.js';
import type { GivenIndexStore } from './routing/givenIndexStore.js';
import { shownValue } from './lib/reading/shownValue.js';

/** The options of {@link createActions}. */
export interface ActionsOptions extends CallSettings {
  /** The event store that holds targets and executions. It stays open when the actions are closed. */
  readonly eventStore: EventStore;
  /**
   * Keeps the condition index across restarts: the result of `sqliteIndexStore`.
   * @defaultValue in memory, built from the first event at every start
   */
  readonly indexStore?: GivenIndexStore;
  /** The instance in which commands, `explain` and hooks act outside `runAs`. @defaultValue `'default'` */
  readonly instanceID?: string;
  /**
   * Encrypts signing keys and header values at rest; see `createKeyring`. `'plaintext'` stores them in the clear.
   * @defaultValue none: no target can be added
   */
  readonly keyring?: Keyring | 'plaintext';
  /** Which endpoints may be saved and dialled. @defaultValue public unicast addresses, ports 80, 443 and 1024 and above */
  readonly network?: NetworkPolicySource;
  /** The bounds of counts, sizes and times. @defaultValue see `Limits` */
  readonly limits?: LimitOptions;
  /** Schemas that judge amended content: by event name, or by method. A schema's output is not used. @defaultValue none */
  readonly schemas?: {
    readonly events?: Readonly<Record<string, ContentSchema>>;
    readonly requests?: Readonly<Record<string, ContentSchema>>;
    readonly responses?: Readonly<Record<string, ContentSchema>>;
  };
  /** Functions that targets can be hooked into; see `defineFunction`. @defaultValue none */
  readonly functions?: readonly AnyFunctionDefinition[];
  /**
   * The names of events, methods, services and functions that exist: conditions on other names are refused.
   * @defaultValue nothing is checked
   */
  readonly catalogue?: CatalogueOptions;
  /** Names of caller headers that targets of requests and responses receive, as `headers`. @defaultValue none */
  readonly forwardHeaders?: readonly string[];
  /** Gives the name of an event for conditions. @defaultValue its type */
  readonly eventName?: (event: EventData, streamName: string) => string;
  /** `observe` calls every target and applies no answer. @defaultValue `'enforce'` */
  readonly mode?: Mode;
  /** Keys that sign payloads of type `jwt` and `jwe`. @defaultValue none: targets with these payloads cannot be added */
  readonly jwtKeys?: JwtKeysOptions;
  /**
   * `true`: `createActions` resolves once the index is complete. While the event store cannot be read it waits without a
   * limit, and after 10 s a warning of the process gives the reason. `false`: it resolves at once, and operations wait
   * for the index. @defaultValue `true`
   */
  readonly awaitReady?: boolean;
  /** Time of day. Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number | Date;
  /** Draws ids, which have to be UUIDs. @defaultValue `crypto.randomUUID` */
  readonly generateID?: () => string;
  /**
   * Draws the ids of targets and of their public keys: 1 to 200 of `A-Z a-z 0-9 . _ ~ : -`. `eighteenDigitIDs()` draws the
   * form that Terraform's import takes.
   *
   * @defaultValue `generateID`
   */
  readonly generateTargetID?: () => string;
}

/** Tokens of RFC 9110. */
const headerNames = z.array(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'the name of a header'));
const functions = ['eventName', 'onCall', 'now', 'generateID', 'generateTargetID'] as const;
const isFunction = (value: unknown): boolean => typeof value === 'function';
const schemaRecord = z.record(
  z.string(),
  z.custom<ContentSchema>(
    (value) => isFunction((value as Partial<ContentSchema> | null | undefined)?.safeParse),
    'a schema has a function safeParse, as those of zod',
  ),
);
const schemas = z.strictObject({
  events: schemaRecord.optional(),
  requests: schemaRecord.optional(),
  responses: schemaRecord.optional(),
});
const definitions = z.array(
  z.custom<AnyFunctionDefinition>(
    (value) => typeof value === 'object' && value !== null,
    'a definition is what defineFunction made',
  ),
);
const storeMembers = ['append', 'readStream', 'subscribe'] as const;

const names: OptionNames<ActionsOptions> = {
  eventStore: true,
  indexStore: true,
  instanceID: true,
  keyring: true,
  network: true,
  limits: true,
  schemas: true,
  functions: true,
  catalogue: true,
  forwardHeaders: true,
  eventName: true,
  mode: true,
  jwtKeys: true,
  ed25519SigningKeys: true,
  axios: true,
  proxy: true,
  tls: true,
  breaker: true,
  onCall: true,
  calls: true,
  awaitReady: true,
  now: true,
  generateID: true,
  generateTargetID: true,
};

/** @throws {@link InvalidArgumentError} for a missing, unknown or malformed option */
export function parseActionsOptions(asked: ActionsOptions) {
  const options = readOptions(asked, names, 'createActions');
  const { eventStore, mode = 'enforce', instanceID = 'default', awaitReady = true } = options;
  const { forwardHeaders: headers = [], schemas: givenSchemas = {}, functions: given = [] } = options;
  requireFunctions(
    eventStore,
    storeMembers,
    'eventStore is an event store: memoryEventStore(), sqliteEventStore({ path }) or an adapter',
  );
  if (typeof awaitReady !== 'boolean')
    throw new InvalidArgumentError(
      `awaitReady is true or false, not ${shownValue(awaitReady)}; nothing was opened`,
    );
  if (!['enforce', 'observe'].includes(mode))
    throw new InvalidArgumentError(
      `mode is 'enforce' or 'observe', not ${shownValue(mode)}; nothing was opened`,
    );
  for (const name of functions) requireFunction(options[name], name);
  if (options.keyring !== undefined && options.keyring !== 'plaintext')
    requireFunctions(options.keyring, ['open', 'seal'], "keyring is what createKeyring made, or 'plaintext'");
  const forwardHeaders = parseInput(headerNames, headers, 'forwardHeaders');
  return {
    options,
    schemas: parseInput(schemas, givenSchemas, 'schemas'),
    functions: parseInput(definitions, given, 'functions'),
    awaitReady,
    eventStore,
    mode,
    instanceID: parseInput(instanceIDSchema, instanceID, 'instanceID'),
    forwardHeaders: forwardHeaders.map((name) => name.toLowerCase()),
  };
}
