import type { z } from 'zod';
import type { Decider } from '../decider.js';
import { AlreadyExistsError, InvalidArgumentError, TargetNotFoundError } from '../errors.js';
import { shownValue } from '../lib/reading/shownValue.js';
import type { SealedSecret } from '../ports.js';
import {
  decidePublicKey,
  evolvePublicKeys,
  type HeldKey,
  type PublicKeyCommand,
  type PublicKeyEvent,
} from './publicKeys.js';
import { targetEventData, type addTargetInput } from './targetSchemas.js';
import { longestTargetID } from './settings.js';
import { shownText } from '../lib/shown/shownText.js';

// Events

/** A signing key of a target; `until` (milliseconds since the epoch) is set on a previous key. */
interface SigningKey {
  /** The sealed key. */
  readonly key: SealedSecret;
  /** When it stops signing, in milliseconds since the epoch; absent for the current key. */
  readonly until?: number | undefined;
}

/** The settings of a target, with its header values sealed. */
export type TargetSettings = Omit<z.output<typeof addTargetInput>, 'headers'> & {
  readonly headers: Readonly<Record<string, SealedSecret>>;
};

/** The settings that a change sets; a field that is absent or `undefined` stays. */
type TargetChanges = { readonly [Field in keyof TargetSettings]?: TargetSettings[Field] | undefined };

export type TargetEvent =
  | {
      readonly type: 'target.added';
      readonly data: TargetSettings & { readonly signingKeys: readonly SigningKey[] };
    }
  | { readonly type: 'target.changed'; readonly data: Partial<TargetSettings> }
  | { readonly type: 'target.removed'; readonly data: Readonly<Record<string, never>> }
  | {
      readonly type: 'target.signingKey.rotated';
      readonly data: { readonly signingKeys: readonly SigningKey[] };
    }
  | PublicKeyEvent;

// State

/** A target that exists, with its secrets sealed. */
export interface ActiveTarget extends TargetSettings {
  /** Always `active`. */
  readonly status: 'active';
  /**
   * Position of the event that made the target durable, in decimal digits; only the index knows it. Absent for a target
   * that is not durable.
   */
  readonly durableSince?: string;
  /** The current signing key, then the previous keys that still sign. */
  readonly signingKeys: readonly SigningKey[];
  /** Its public keys. */
  readonly keys: readonly HeldKey[];
}

export type Target = { readonly status: 'none' } | ActiveTarget | { readonly status: 'removed' };

// Commands

/** A new signing key. Times are milliseconds since the epoch. */
export interface SigningKeyRotation {
  readonly signingKey: SealedSecret;
  /** The previous keys keep signing until this time. */
  readonly until: number;
  readonly now: number;
}

export type TargetCommand =
  | {
      readonly type: 'add';
      readonly targetID: string;
      readonly settings: TargetSettings;
      readonly signingKey: SealedSecret;
    }
  | {
      readonly type: 'change';
      readonly targetID: string;
      readonly changes: TargetChanges;
      readonly rotation?: SigningKeyRotation;
    }
  | { readonly type: 'remove' }
  | ({ readonly type: 'rotateSigningKey'; readonly targetID: string } & SigningKeyRotation)
  | (PublicKeyCommand & { readonly targetID: string })
  | {
      readonly type: 'reseal';
      /** The same secrets, sealed under another key. */
      readonly signingKeys: readonly SigningKey[];
      readonly headers: TargetSettings['headers'];
    }
  | { readonly type: 'fence' };

const sameValue = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/** The changes that differ from the state. */
function difference(target: ActiveTarget, changes: TargetChanges): Partial<TargetSettings> {
  return Object.fromEntries(
    Object.entries(changes).filter(
      ([field, value]) => value !== undefined && !sameValue(value, target[field as keyof TargetSettings]),
    ),
  );
}

function rotated(target: ActiveTarget, { signingKey, until, now }: SigningKeyRotation): TargetEvent {
  const previous = target.signingKeys
    .filter((each) => each.until === undefined || each.until > now)
    .map((each) => ({ key: each.key, until: Math.min(each.until ?? Infinity, until) }))
    .filter((each) => each.until > now);
  return { type: 'target.signingKey.rotated', data: { signingKeys: [{ key: signingKey }, ...previous] } };
}

/** Rules that concern several fields of one target. */
function assertConsistent(settings: TargetSettings): void {
  if (settings.type === 'async' && settings.interruptOnError)
    throw new InvalidArgumentError(
      'an async target cannot interrupt: no operation waits for it; set interruptOnError to false; nothing was written',
    );
  const { delivery, type, enforcement, enforcePercent } = settings;
  if (delivery === 'durable' && type !== 'async')
    throw new InvalidArgumentError(
      `delivery 'durable' is for async targets: a ${type} target is called before the append; use type 'async'; nothing was written`,
    );
  if (delivery === 'durable' && (enforcement !== 'enforce' || enforcePercent !== 100))
    throw new InvalidArgumentError(
      "a durable target is called after the append, so it cannot be observed: leave enforcement 'enforce' and enforcePercent 100; nothing was written",
    );
  if (delivery === 'durable') return;
  const { order, deliverFrom, paused } = settings;
  const durableOnly = { order: order !== 'stream', deliverFrom: deliverFrom !== 'now', paused };
  for (const [name, isSet] of Object.entries(durableOnly))
    if (isSet)
      throw new InvalidArgumentError(
        `${name} is for durable targets: set delivery 'durable', or leave ${name} at its default; nothing was written`,
      );
}

export const target: Decider<Target, TargetCommand, TargetEvent> = {
  initialState: () => ({ status: 'none' }),

  evolve(state, event) {
    if (event.type === 'target.added') return { status: 'active', keys: [], ...event.data };
    if (event.type === 'target.removed') return { status: 'removed' };
    if (state.status !== 'active') return;
    switch (event.type) {
      case 'target.changed':
        Object.assign(state, event.data);
        return;
      case 'target.signingKey.rotated':
        state.signingKeys = [...event.data.signingKeys];
        return;
      default:
        state.keys = [...evolvePublicKeys(state.keys, event)];
        return;
    }
  },

  decide(command, state) {
    switch (command.type) {
      case 'add':
        if (state.status !== 'none')
          throw new AlreadyExistsError(
            `a target ${shownText(command.targetID)} exists or existed; add it without an id`,
          );
        assertConsistent(command.settings);
        return [
          { type: 'target.added', data: { ...command.settings, signingKeys: [{ key: command.signingKey }] } },
        ];
      case 'change': {
        if (state.status !== 'active') throw new TargetNotFoundError(command.targetID);
        const data = difference(state, command.changes);
        const rotation = command.rotation ? [rotated(state, command.rotation)] : [];
        if (Object.keys(data).length === 0) return rotation;
        assertConsistent({ ...state, ...data });
        return [{ type: 'target.changed', data }, ...rotation];
      }
      case 'remove':
        return state.status === 'active' ? [{ type: 'target.removed', data: {} }] : [];
      case 'rotateSigningKey':
        if (state.status !== 'active') throw new TargetNotFoundError(command.targetID);
        return [rotated(state, command)];
      case 'addKey':
      case 'activateKey':
      case 'deactivateKey':
      case 'removeKey':
        if (state.status === 'active') return decidePublicKey(command, state.keys);
        if (command.type === 'removeKey') return [];
        throw new TargetNotFoundError(command.targetID);
      case 'reseal': {
        if (state.status !== 'active') return [];
        const { signingKeys, headers } = command;
        const events: TargetEvent[] = [];
        if (!sameValue(signingKeys, state.signingKeys))
          events.push({ type: 'target.signingKey.rotated', data: { signingKeys } });
        if (!sameValue(headers, state.headers)) events.push({ type: 'target.changed', data: { headers } });
        return events;
      }
      case 'fence':
        // This event makes a late add or change of the name's last holder conflict with the target that takes the name
        // over.
        if (state.status === 'none') return [{ type: 'target.removed', data: {} }];
        return state.status === 'active' ? [{ type: 'target.changed', data: {} }] : [];
    }
  },
};

/**
 * Reads a stored event leniently; `undefined` for a type that is not a target's.
 *
 * @param at - when the store recorded it, in milliseconds since the epoch
 * @throws ZodError for malformed data
 */
export function parseTargetEvent(type: string, data: unknown, at?: number): TargetEvent | undefined {
  if (!Object.hasOwn(targetEventData, type)) return undefined;
  const schema = targetEventData[type as TargetEvent['type']];
  return { type, data: schema.parse(data), ...(at !== undefined && { at }) } as TargetEvent;
}

export const targetStreamPrefix = 'actions.target-';

/** @throws {@link InvalidArgumentError} for an id that no target can have */
export function requireTargetID(targetID: string): void {
  if (typeof targetID !== 'string' || targetID.length > longestTargetID)
    throw new InvalidArgumentError(
      `the id of a target is text of at most ${longestTargetID} characters, not ${shownValue(targetID)}; nothing was called or written`,
    );
}

/** @throws {@link InvalidArgumentError} as {@link requireTargetID} */
export function targetStream(instanceID: string, targetID: string): string {
  requireTargetID(targetID);
  return `${targetStreamPrefix}${instanceID}.${targetID}`;
}
