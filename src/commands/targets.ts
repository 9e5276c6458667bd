import type { z } from 'zod';
import { AlreadyExistsError, InvalidArgumentError, isActionsError } from '../errors.js';
import type { Clock, Keyring, SealedSecret } from '../ports.js';
import { addTargetInput, changeTargetInput } from '../target/schemas.js';
import { headerContext, signingKeyContext } from '../target/secretContext.js';
import {
  parseTargetEvent,
  target,
  targetStream,
  type ActiveTarget,
  type Target,
  type TargetCommand,
  type TargetEvent,
} from '../target/target.js';
import type { CommandHandler } from './commandHandler.js';
import { parseInput } from '../lib/input.js';
import { isSameName, type NameReservation } from './nameReservation.js';

export type AddTarget = z.input<typeof addTargetInput>;
export type ChangeTarget = z.input<typeof changeTargetInput>;

/** What a command comes back with. `position` is of its last event, of the aggregate's last one when nothing changed. */
export interface CommandResult {
  readonly position: bigint | undefined;
}

export interface AddedTarget extends CommandResult {
  readonly id: string;
  /** Shown this once: the receiver needs it to verify what it is sent. */
  readonly signingKey: string;
}

export interface TargetCommands {
  add(input: AddTarget): Promise<AddedTarget>;
  /** Changes what is given. A header value of `null` keeps the one that is stored. */
  change(targetID: string, input: ChangeTarget): Promise<CommandResult>;
  /**
   * The names of the fields that `change` would really change, a header's as `headers.<name>`. Writes nothing.
   *
   * @throws as `change` does, for what it would refuse
   */
  previewChange(targetID: string, input: ChangeTarget): Promise<readonly string[]>;
  remove(targetID: string): Promise<CommandResult>;
  rotateSigningKey(targetID: string, options?: RotateSigningKey): Promise<RotatedSigningKey>;
}

export interface RotateSigningKey {
  /** How long the keys of before sign too. Milliseconds. @defaultValue 0 */
  readonly graceMs?: number;
}

export interface RotatedSigningKey extends CommandResult {
  /** Shown this once. */
  readonly signingKey: string;
}

export interface TargetCommandOptions {
  readonly handler: CommandHandler;
  readonly names: NameReservation;
  /** Absent where the user gave none: then nothing can be stored that has to be sealed. */
  readonly keyring: Keyring | undefined;
  readonly clock: Clock;
  readonly instanceID: () => string;
  readonly generateID: () => string;
  readonly generateSigningKey: () => string;
  /** Whether payloads can be signed as jwt. */
  readonly hasJwtKeys: boolean;
  /** Throws {@link InvalidArgumentError} for an endpoint or headers that may not be saved. */
  readonly checkEndpoint: (endpoint: string, instanceID: string) => void;
  readonly checkHeaders: (headers: Readonly<Record<string, string>>) => void;
}

const aggregate = { decider: target, parse: parseTargetEvent };

/** A value that is kept was checked when it was stored. */
const withoutKept = (headers: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value ?? '']));

/** How often an id is drawn anew because whoever wanted the same name fenced the one before off. */
const maxIDs = 5;

export function createTargetCommands(options: TargetCommandOptions): TargetCommands {
  const { handler, names, keyring, clock, instanceID, generateID, checkEndpoint, checkHeaders } = options;

  function requireKeyring(): Keyring {
    if (keyring) return keyring;
    throw new InvalidArgumentError(
      'signing keys need a keyring to be stored: pass keyring: createKeyring({ activeKeyID, keys }) to createActions, ' +
        "or keyring: 'plaintext' to store them in the clear",
    );
  }

  function check(
    instance: string,
    { endpoint, headers, payloadType }: z.output<typeof changeTargetInput>,
  ): void {
    if (endpoint !== undefined) checkEndpoint(endpoint, instance);
    if (headers !== undefined) checkHeaders(withoutKept(headers));
    if (payloadType !== undefined && payloadType !== 'json' && !options.hasJwtKeys)
      throw new InvalidArgumentError(
        `payloadType '${payloadType}' needs jwtKeys to be passed to createActions`,
      );
  }

  const sealHeaders = (instance: string, id: string, headers: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]): [string, SealedSecret] => [
        name,
        requireKeyring().seal(value, headerContext(instance, id, name)),
      ]),
    );

  function holds(sealed: SealedSecret, value: string, context: string): boolean {
    try {
      return keyring?.open(sealed, context) === value;
    } catch (error) {
      if (isActionsError(error, 'SECRET_UNREADABLE')) return false;
      throw error;
    }
  }

  /**
   * Sealing the same value twice gives different bytes: what stays keeps those it has, in their order, so that no change is
   * no event.
   */
  function changedHeaders(
    instance: string,
    id: string,
    stored: ActiveTarget['headers'],
    wanted: Readonly<Record<string, string | null>>,
  ): ActiveTarget['headers'] {
    const kept: [string, SealedSecret][] = [];
    const values = new Map(Object.entries(wanted));
    for (const [name, sealed] of Object.entries(stored)) {
      const value = values.get(name);
      if (value === undefined || (value !== null && !holds(sealed, value, headerContext(instance, id, name))))
        continue;
      kept.push([name, sealed]);
      values.delete(name);
    }
    const sealed = [...values].map(([name, value]): [string, string] => {
      if (value !== null) return [name, value];
      throw new InvalidArgumentError(
        `header ${JSON.stringify(name)} is to keep its value, but the target has none; nothing was written`,
      );
    });
    return { ...Object.fromEntries(kept), ...sealHeaders(instance, id, Object.fromEntries(sealed)) };
  }

  function decideChange(
    instance: string,
    targetID: string,
    { headers, ...rest }: z.output<typeof changeTargetInput>,
    state: Target,
  ): readonly TargetEvent[] {
    const stored = headers && state.status === 'active' ? state.headers : undefined;
    const changes = {
      ...rest,
      ...(stored && { headers: changedHeaders(instance, targetID, stored, headers ?? {}) }),
    };
    return target.decide({ type: 'change', targetID, changes }, state);
  }

  const handle = (
    instance: string,
    targetID: string,
    decide: (state: Target) => readonly TargetEvent[] | Promise<readonly TargetEvent[]>,
  ) => handler.handle(aggregate, targetStream(instance, targetID), instance, decide);

  async function addOnce(
    instance: string,
    input: z.output<typeof addTargetInput>,
  ): Promise<AddedTarget | undefined> {
    const id = generateID();
    const signingKey = options.generateSigningKey();
    const command: TargetCommand = {
      type: 'add',
      targetID: id,
      settings: { ...input, headers: sealHeaders(instance, id, input.headers) },
      signingKey: requireKeyring().seal(signingKey, signingKeyContext(instance, id)),
    };
    target.decide(command, target.initialState());
    await names.reserve(instance, input.name, id);
    try {
      const { position } = await handle(instance, id, (state) => target.decide(command, state));
      return { id, signingKey, position };
    } catch (error) {
      if (isActionsError(error, 'ALREADY_EXISTS')) return undefined;
      throw error;
    }
  }

  return {
    async add(input) {
      const instance = instanceID();
      const parsed = parseInput(addTargetInput, input, 'the target');
      check(instance, parsed);
      for (let attempt = 1; attempt <= maxIDs; attempt++) {
        const added = await addOnce(instance, parsed);
        if (added) return added;
      }
      throw new AlreadyExistsError(
        `others keep adding a target named ${JSON.stringify(parsed.name)}; nothing was added`,
      );
    },

    async change(targetID, input) {
      const instance = instanceID();
      const parsed = parseInput(changeTargetInput, input, 'the change');
      check(instance, parsed);
      const { name } = parsed;
      let renamedFrom: string | undefined;
      const result = await handle(instance, targetID, async (state) => {
        renamedFrom = undefined;
        const events = decideChange(instance, targetID, parsed, state);
        if (state.status === 'active' && name !== undefined && !isSameName(name, state.name)) {
          await names.reserve(instance, name, targetID);
          renamedFrom = state.name;
        }
        return events;
      });
      if (renamedFrom !== undefined) await releaseQuietly(instance, renamedFrom, targetID);
      return { position: result.position };
    },

    async previewChange(targetID, input) {
      const instance = instanceID();
      const parsed = parseInput(changeTargetInput, input, 'the change');
      check(instance, parsed);
      const { state } = await handler.load(aggregate, targetStream(instance, targetID));
      const [event] = decideChange(instance, targetID, parsed, state);
      if (state.status !== 'active' || event?.type !== 'target.changed') return [];
      const { headers, ...rest } = event.data;
      const names = headers ? new Set([...Object.keys(state.headers), ...Object.keys(headers)]) : [];
      const changed = [...names].filter((name) => state.headers[name] !== headers?.[name]);
      return [...Object.keys(rest), ...changed.map((name) => `headers.${name}`)];
    },

    async remove(targetID) {
      const instance = instanceID();
      let name: string | undefined;
      const result = await handle(instance, targetID, (state) => {
        name = state.status === 'active' ? state.name : undefined;
        return target.decide({ type: 'remove' }, state);
      });
      if (name !== undefined) await releaseQuietly(instance, name, targetID);
      return { position: result.position };
    },

    async rotateSigningKey(targetID, { graceMs = 0 } = {}) {
      const instance = instanceID();
      if (!Number.isFinite(graceMs) || graceMs < 0)
        throw new InvalidArgumentError('graceMs is a number of milliseconds, at least 0');
      const signingKey = options.generateSigningKey();
      const sealed = requireKeyring().seal(signingKey, signingKeyContext(instance, targetID));
      const result = await handle(instance, targetID, (state) =>
        target.decide(
          {
            type: 'rotateSigningKey',
            targetID,
            signingKey: sealed,
            until: clock.now() + graceMs,
            now: clock.now(),
          },
          state,
        ),
      );
      return { signingKey, position: result.position };
    },
  };

  /** The command has been carried out: a name that stays reserved blocks nobody, so its release may fail. */
  async function releaseQuietly(instance: string, name: string, targetID: string): Promise<void> {
    await names.release(instance, name, targetID).catch(() => undefined);
  }
}
