import type { RecordedEvent } from '../../index.js';
import { durationMs } from '../shell/duration.js';
import { writtenTime } from '../shell/writtenTime.js';

/** The filter of recorded events. */
export interface Selection {
  /** Prefixes of stream names. Empty: every stream. */
  readonly prefixes: readonly string[];
  /** `order.placed`, or a group: `order.*`. Empty: every type. */
  readonly types: readonly string[];
  /** Created at this time or later. */
  readonly since?: Date | undefined;
  /** Created before this time. */
  readonly until?: Date | undefined;
  /** The most events. */
  readonly limit?: number | undefined;
}

const groupSuffix = '.*';

/** Matches groups as conditions do: whole segments, and not the event with the group's name. */
function isOfType(type: string, wanted: string): boolean {
  if (!wanted.endsWith(groupSuffix)) return type === wanted;
  return type.startsWith(wanted.slice(0, -1)) && type.length > wanted.length - 1;
}

export const isSelected = (
  { type, created }: Pick<RecordedEvent, 'type' | 'created'>,
  { types, since, until }: Selection,
): boolean =>
  (types.length === 0 || types.some((wanted) => isOfType(type, wanted))) &&
  (since === undefined || created >= since) &&
  (until === undefined || created < until);

/** Parses `2030-01-31`, `2030-01-31T08:00Z`, or a duration before now: `30d`. Returns `undefined` for any other text. */
export function timeOf(text: string, now: number): Date | undefined {
  const ago = durationMs(text);
  return ago === undefined ? writtenTime(text) : new Date(now - ago);
}
