import { ConcurrencyConflictError, InvalidArgumentError, type ActionsError } from '../errors.js';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { shownValue } from '../lib/reading/shownValue.js';

/** When a change is made. */
export interface ChangeOptions {
  /**
   * The `revision` that the caller has read: the change is made only while it is the latest. For a removed target
   * or execution the command rejects as not found; `set` of a removed execution rejects with a conflict, since the
   * execution may be set again.
   * `null`: the change is made only while the aggregate does not exist.
   * @defaultValue the change is made at any revision
   */
  readonly ifRevision?: string | null;
}

const optionNames: OptionNames<ChangeOptions> = { ifRevision: 'nullable' };
const longest = 39;

/** The revision that a command expects of its aggregate; `undefined` for any revision. */
export type ExpectedRevision = bigint | null | undefined;

/** @throws {@link InvalidArgumentError} for a text that is no revision */
export function takeRevision(given: unknown): ExpectedRevision {
  if (given === undefined || given === null) return given;
  const isRevision = typeof given === 'string' && given !== '' && given.length <= longest;
  if (isRevision && !/\D/.test(given)) return BigInt(given);
  throw new InvalidArgumentError(
    `ifRevision is the revision of a target or an execution, or null where there is none, not ${shownValue(given)}; nothing was written`,
  );
}

/** @throws {@link InvalidArgumentError} for an unknown option */
export const takeChangeOptions = (given: ChangeOptions | undefined, what: string): ExpectedRevision =>
  takeRevision(readOptions(given, optionNames, what).ifRevision);

/** The aggregate that a command has loaded. */
interface LoadedRevision {
  readonly stream: string;
  readonly exists: boolean;
  /** The version of its last event; `undefined` where there never was one. */
  readonly version: bigint | undefined;
  /** The error for an aggregate that does not exist, where the command cannot create it. @defaultValue a conflict */
  readonly notFound?: () => ActionsError;
}

/**
 * @throws {@link ConcurrencyConflictError} where the aggregate has changed, and what `notFound` gives where it was removed;
 *   nothing was written then
 */
export function requireRevision(
  expected: ExpectedRevision,
  { stream, exists, version, notFound }: LoadedRevision,
): void {
  if (expected === undefined || (exists ? expected === version : expected === null)) return;
  if (!exists && notFound) throw notFound();
  throw new ConcurrencyConflictError(stream, expected ?? 'no-stream', exists ? version : 'no-stream');
}
