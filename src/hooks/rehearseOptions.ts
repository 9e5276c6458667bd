import { z } from 'zod';
import { InvalidArgumentError } from '../errors.js';
import { requireText, requireU64 } from '../events/proposedAppend.js';
import { parseInput } from '../lib/input.js';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { reading } from '../lib/reading/reading.js';
import { requireSignal } from '../lib/reading/requireSignal.js';
import type { RehearseOptions } from './rehearsal.js';
import { shownValue } from '../lib/reading/shownValue.js';

const names: OptionNames<RehearseOptions> = {
  content: 'nullable',
  request: 'nullable',
  stream: true,
  sequence: true,
  createdAt: true,
  targets: true,
  enforce: true,
  operationID: true,
  send: true,
  keptBytes: true,
  signal: true,
};

/** The most entries of `targets`. A target that the list names twice is called twice. */
const mostTargets = 1_000;
const settings = z.object({
  targets: z.array(z.string().min(1).max(200)).max(mostTargets).optional(),
  enforce: z.boolean().optional(),
  send: z.boolean().optional(),
  keptBytes: z.number().int().min(0).optional(),
});

/** Copies a `Date`, which the caller could change during the rehearsal. */
function takeTime(given: Date): Date {
  const time = reading('createdAt', () => (given instanceof Date ? given.getTime() : NaN));
  if (Number.isNaN(time))
    throw new InvalidArgumentError(
      `createdAt is a Date that holds a time, not ${shownValue(given)}; nothing was called or written`,
    );
  return new Date(time);
}

/** @throws {@link InvalidArgumentError} for an option that is unknown or malformed */
export function takeRehearseOptions(given: RehearseOptions | undefined): RehearseOptions {
  const options = readOptions(given, names, 'rehearse');
  requireSignal(options.signal);
  const { targets, enforce, send, keptBytes } = options;
  const parsed = parseInput(settings, { targets, enforce, send, keptBytes }, 'the options of rehearse');
  if (options.stream !== undefined) requireText(options.stream, 'stream');
  if (options.operationID !== undefined) requireText(options.operationID, 'operationID');
  if (options.sequence !== undefined) requireU64(options.sequence, 'sequence');
  return {
    ...options,
    ...(parsed.targets && { targets: parsed.targets }),
    ...(options.createdAt !== undefined && { createdAt: takeTime(options.createdAt) }),
  };
}
