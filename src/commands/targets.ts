import type { z } from 'zod';
import { AlreadyExistsError, InvalidArgumentError, isActionsError, TargetNotFoundError } from '../errors.js';
import { addTargetInput, changeTargetInput } from '../target/targetSchemas.js';
import type { AddTarget, ChangeTarget } from '../target/targetInput.js';
import {
  requireTargetID,
  target,
  targetStream,
  type SigningKeyRotation,
  type Target,
  type TargetCommand,
  type TargetEvent,
} from '../target/target.js';
import { targetAggregate } from './aggregates.js';
import type { CommandHandler } from './commandHandler.js';
import { parseCommand, parseInput } from '../lib/input.js';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { isSameName, type NameReservation } from './nameReservation.js';
import {
  requireRevision,
  takeChangeOptions,
  takeRevision,
  type ChangeOptions,
  type ExpectedRevision,
} from './revision.js';
import { createTargetSealing, type TargetSealingOptions } from './targetSealing.js';
import { shownValue } from '../lib/reading/shownValue.js';
import { shownText } from '../lib/shown/shownText.js';

/** The result of a command. */
export interface CommandResult {
  /**
   * Position of its last event, or of the aggregate's last event when nothing changed; `undefined` where there never
   * was one.
   */
  readonly position: bigint | undefined;
  /** Time of that event by the event store's clock; absent where there never was one. */
  readonly changed?: Date;
}

/** The result of `targets.add`. */
export interface AddedTarget extends CommandResult {
  /** The id of the new target. */
  readonly id: string;
  /** The signing key, which no other call shows: the receiver needs it to verify calls. */
  readonly signingKey: string;
}

/** Changes targets. A command that rejects has written nothing, save with {@link OutcomeUnknownError}. */
export interface TargetCommands {
  /** Adds a target, with a signing key of its own. @throws {@link InvalidArgumentError}, {@link AlreadyExistsError} for a name that another target has */
  add(input: AddTarget): Promise<AddedTarget>;
  /**
   * Changes the given settings, in one append. A header value of `null` keeps the one that is stored.
   *
   * @throws {@link TargetNotFoundError}, {@link AlreadyExistsError} for a name that another target has,
   *   {@link ConcurrencyConflictError}, {@link InvalidArgumentError}; nothing was written then
   */
  change(targetID: string, input: ChangeTarget, options?: ChangeOptions): Promise<ChangedTarget>;
  /**
   * The names of the fields that `change` would change, a header as `headers.<name>`. Writes nothing.
   *
   * @throws as `change` does, for input that `change` would refuse
   */
  previewChange(targetID: string, input: ChangeTarget): Promise<readonly string[]>;
  /** Removes a target. Executions that name it skip it; removing a missing one succeeds, unless a revision is named. @throws {@link InvalidArgumentError} for a malformed id, {@link TargetNotFoundError}, {@link ConcurrencyConflictError} */
  remove(targetID: string, options?: ChangeOptions): Promise<CommandResult>;
  /**
   * Draws a new signing key; the previous keys keep signing for `graceMs`.
   * @throws {@link TargetNotFoundError}, {@link ConcurrencyConflictError}, {@link InvalidArgumentError}
   */
  rotateSigningKey(targetID: string, options?: RotateSigningKey): Promise<RotatedSigningKey>;
}

/** The result of `targets.change`. */
export interface ChangedTarget extends CommandResult {
  /** The new signing key, which no other call shows. Absent where the change did not ask for `rotateSigningKey`. */
  readonly signingKey?: string;
}

/** How to rotate a signing key. */
export interface RotateSigningKey extends ChangeOptions {
  /** How long the previous keys keep signing. Milliseconds. @defaultValue 0 */
  readonly graceMs?: number;
}

/** The result of a rotation. */
export interface RotatedSigningKey extends CommandResult {
  /** The new signing key, which no other call shows. */
  readonly signingKey: string;
}

export interface TargetCommandOptions extends TargetSealingOptions {
  readonly handler: CommandHandler;
  readonly names: NameReservation;
  readonly instanceID: () => string;
  readonly generateTargetID: () => string;
  /** Whether payloads can be signed as jwt. */
  readonly hasJwtKeys: boolean;
  /** Throws {@link InvalidArgumentError} for an endpoint or headers that may not be saved. */
  readonly checkEndpoint: (endpoint: string, instanceID: string) => void;
  readonly checkHeaders: (headers: Readonly<Record<string, string>>) => void;
}

const rotateNames: OptionNames<RotateSigningKey> = { graceMs: true, ifRevision: 'nullable' };

/** Leaves out the headers that keep their stored value: it was checked when it was stored. */
const withoutKept = (headers: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value ?? '']));

/** Makes the checks that depend on more than the input. */
function check(
  instance: string,
  { endpoint, headers, payloadType }: z.output<typeof changeTargetInput>,
  { checkEndpoint, checkHeaders, hasJwtKeys }: TargetCommandOptions,
): void {
  if (endpoint !== undefined) checkEndpoint(endpoint, instance);
  if (headers !== undefined) checkHeaders(withoutKept(headers));
  if (payloadType !== undefined && payloadType !== 'json' && !hasJwtKeys)
    throw new InvalidArgumentError(
      `payloadType '${payloadType}' needs the option jwtKeys of createActions; nothing was written`,
    );
}

/** The fields that a change alters, as `previewChange` names them. */
function changedFields(state: Target, event: TargetEvent | undefined): readonly string[] {
  if (state.status !== 'active' || event?.type !== 'target.changed') return [];
  const { headers, ...rest } = event.data;
  const names = headers ? new Set([...Object.keys(state.headers), ...Object.keys(headers)]) : [];
  const changed = [...names].filter((name) => state.headers[name] !== headers?.[name]);
  return [...Object.keys(rest), ...changed.map((name) => `headers.${name}`)];
}

interface Changed {
  readonly instance: string;
  readonly targetID: string;
  readonly state: Target;
}

/** Attempts to add with a fresh id after losing the race for a name, or drawing an id that is taken. */
const maxIDs = 5;

/** The events of a change. Header values that stay are taken from the state. */
function decideChange(
  secrets: ReturnType<typeof createTargetSealing>,
  { instance, targetID, state }: Changed,
  { headers, rotateSigningKey: _rotation, ...rest }: z.output<typeof changeTargetInput>,
  rotation?: SigningKeyRotation,
): readonly TargetEvent[] {
  const stored = headers && state.status === 'active' ? state.headers : undefined;
  const changes = {
    ...rest,
    ...(stored && { headers: secrets.changedHeaders(instance, targetID, stored, headers ?? {}) }),
  };
  return target.decide({ type: 'change', targetID, changes, ...(rotation && { rotation }) }, state);
}

/**
 * Releases a name after the command has succeeded. The release may fail: the next target that wants the name takes it
 * over.
 */
async function releaseQuietly(
  names: NameReservation,
  instance: string,
  name: string,
  targetID: string,
): Promise<void> {
  await names.release(instance, name, targetID).catch(() => undefined);
}

function requireGrace(graceMs: number): void {
  if (!Number.isFinite(graceMs) || graceMs < 0)
    throw new InvalidArgumentError(
      `graceMs is a number of milliseconds, at least 0, not ${shownValue(graceMs)}; nothing was written`,
    );
}

export function createTargetCommands(options: TargetCommandOptions): TargetCommands {
  const { handler, names, instanceID, generateTargetID } = options;
  const secrets = createTargetSealing(options);

  const handle = (
    instance: string,
    targetID: string,
    decide: (state: Target) => readonly TargetEvent[] | Promise<readonly TargetEvent[]>,
    expected?: ExpectedRevision,
  ) => {
    const stream = targetStream(instance, targetID);
    return handler.handle(targetAggregate, stream, instance, (state, version) => {
      const notFound = () => new TargetNotFoundError(targetID);
      requireRevision(expected, { stream, exists: state.status === 'active', version, notFound });
      return decide(state);
    });
  };

  async function addOnce(
    instance: string,
    input: z.output<typeof addTargetInput>,
  ): Promise<AddedTarget | undefined> {
    const id = generateTargetID();
    const { signingKey, sealed } = secrets.newSigningKey(instance, id);
    const command: TargetCommand = {
      type: 'add',
      targetID: id,
      settings: { ...input, headers: secrets.sealHeaders(instance, id, input.headers) },
      signingKey: sealed,
    };
    target.decide(command, target.initialState());
    await names.reserve(instance, input.name, id);
    try {
      const result = await handle(instance, id, (state) => target.decide(command, state));
      return { id, signingKey, ...result };
    } catch (error) {
      if (isActionsError(error, 'ALREADY_EXISTS')) return undefined;
      throw error;
    }
  }

  return {
    async add(input) {
      const instance = instanceID();
      const parsed = parseCommand(addTargetInput, input, 'the target');
      check(instance, parsed, options);
      for (let attempt = 1; attempt <= maxIDs; attempt++) {
        const added = await addOnce(instance, parsed);
        if (added) return added;
      }
      throw new AlreadyExistsError(
        `no target was added: in each of ${maxIDs} attempts another writer took the name ${shownText(parsed.name)} or the drawn id first; try again`,
      );
    },

    async change(targetID, input, given) {
      const expected = takeChangeOptions(given, 'targets.change');
      const instance = instanceID();
      requireTargetID(targetID);
      const parsed = parseCommand(changeTargetInput, input, 'the change');
      check(instance, parsed, options);
      const { name, rotateSigningKey } = parsed;
      const drawn = rotateSigningKey && secrets.rotation(instance, targetID, rotateSigningKey.graceMs);
      let renamedFrom: string | undefined;
      const result = await handle(
        instance,
        targetID,
        async (state) => {
          renamedFrom = undefined;
          const events = decideChange(secrets, { instance, targetID, state }, parsed, drawn?.rotation);
          if (state.status === 'active' && name !== undefined && !isSameName(name, state.name)) {
            await names.reserve(instance, name, targetID);
            renamedFrom = state.name;
          }
          return events;
        },
        expected,
      );
      if (renamedFrom !== undefined) await releaseQuietly(names, instance, renamedFrom, targetID);
      return { ...result, ...(drawn && { signingKey: drawn.signingKey }) };
    },

    async previewChange(targetID, input) {
      const instance = instanceID();
      const parsed = parseInput(changeTargetInput, input, 'the change');
      check(instance, parsed, options);
      const { state } = await handler.load(targetAggregate, targetStream(instance, targetID));
      const [event] = decideChange(secrets, { instance, targetID, state }, parsed);
      return [...changedFields(state, event), ...(parsed.rotateSigningKey ? ['signingKeys'] : [])];
    },

    async remove(targetID, given) {
      const expected = takeChangeOptions(given, 'targets.remove');
      const instance = instanceID();
      let name: string | undefined;
      const result = await handle(
        instance,
        targetID,
        (state) => {
          name = state.status === 'active' ? state.name : undefined;
          return target.decide({ type: 'remove' }, state);
        },
        expected,
      );
      if (name !== undefined) await releaseQuietly(names, instance, name, targetID);
      return result;
    },

    async rotateSigningKey(targetID, given) {
      const instance = instanceID();
      requireTargetID(targetID);
      const { graceMs = 0, ifRevision } = readOptions(given, rotateNames, 'rotateSigningKey');
      const expected = takeRevision(ifRevision);
      requireGrace(graceMs);
      const { signingKey, rotation } = secrets.rotation(instance, targetID, graceMs);
      const result = await handle(
        instance,
        targetID,
        (state) => target.decide({ type: 'rotateSigningKey', targetID, ...rotation }, state),
        expected,
      );
      return { signingKey, ...result };
    },
  };
}
