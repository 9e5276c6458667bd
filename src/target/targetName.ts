import { z } from 'zod';
import type { Decider } from '../decider.js';

/**
 * The reservation of a name: one stream for each name, regardless of case, that says which target holds it. A
 * reservation alone does not make a target: a crash can leave one behind. A command that wants the name therefore
 * checks whether the holder exists, fences it off where it does not, and reserves the name again. Each reservation is a
 * new event, so that two concurrent commands conflict.
 */
type TargetNameEvent =
  | { readonly type: 'targetName.reserved'; readonly data: { readonly target: string } }
  | { readonly type: 'targetName.released'; readonly data: Readonly<Record<string, never>> };

type TargetName = { readonly status: 'free' } | { readonly status: 'reserved'; readonly target: string };

type TargetNameCommand =
  | { readonly type: 'reserve'; readonly target: string }
  | { readonly type: 'release'; readonly target: string };

export const targetName: Decider<TargetName, TargetNameCommand, TargetNameEvent> = {
  initialState: () => ({ status: 'free' }),

  evolve: (_state, { type, data }) =>
    type === 'targetName.reserved' ? { status: 'reserved', target: data.target } : { status: 'free' },

  decide(command, state) {
    if (command.type === 'reserve')
      return [{ type: 'targetName.reserved', data: { target: command.target } }];
    const isHolder = state.status === 'reserved' && state.target === command.target;
    return isHolder ? [{ type: 'targetName.released', data: {} }] : [];
  },
};

const targetNameEventData = {
  'targetName.reserved': z.looseObject({ target: z.string() }),
  'targetName.released': z.looseObject({}),
} as const;

/** Reads a stored event leniently; `undefined` for a type that is not a name's. @throws ZodError for malformed data */
export function parseTargetNameEvent(type: string, data: unknown): TargetNameEvent | undefined {
  if (!Object.hasOwn(targetNameEventData, type)) return undefined;
  return { type, data: targetNameEventData[type as TargetNameEvent['type']].parse(data) } as TargetNameEvent;
}

export const targetNameStreamPrefix = 'actions.targetName-';

/** `hash` is the hex SHA-256 of the lower-cased name. */
export const targetNameStream = (instanceID: string, hash: string): string =>
  `${targetNameStreamPrefix}${instanceID}.${hash}`;
