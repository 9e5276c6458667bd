import { settingDefaults } from '../../../../target/settings.js';
import type { AddTarget, ChangeTarget, Target, TargetSettings } from '../../../wire/targets.js';
import { Failure } from '../../api/requestFailure.js';

/** An edited header. `isKept`: keep the value of the server, which the server never shows. */
export interface HeaderDraft {
  readonly name: string;
  readonly value: string;
  readonly isKept: boolean;
}

/** An edited target. Numbers are text, as typed. */
export interface Draft extends Omit<TargetSettings, 'timeoutMs' | 'enforcePercent' | 'paused'> {
  readonly timeoutMs: string;
  readonly enforcePercent: string;
  readonly headers: readonly HeaderDraft[];
}

type Shown = Omit<TargetSettings, 'name' | 'type' | 'endpoint'>;

/** The settings that a form edits, with its numbers as text. */
const shownSettings = (settings: Shown): Omit<Draft, 'name' | 'type' | 'endpoint' | 'headers'> => ({
  timeoutMs: String(settings.timeoutMs),
  interruptOnError: settings.interruptOnError,
  payloadType: settings.payloadType,
  delivery: settings.delivery,
  enforcement: settings.enforcement,
  enforcePercent: String(settings.enforcePercent),
  order: settings.order,
  deliverFrom: settings.deliverFrom,
});

export const emptyDraft: Draft = {
  name: '',
  type: 'requestResponse',
  endpoint: '',
  headers: [],
  ...shownSettings(settingDefaults),
};

export const draftOf = (target: Target): Draft => ({
  name: target.name,
  type: target.type,
  endpoint: target.endpoint,
  ...shownSettings(target),
  headers: Object.keys(target.headers).map((name) => ({ name, value: '', isKept: true })),
});

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The settings that apply to the type. The server refuses the others. */
function settingsOf(draft: Draft): Partial<TargetSettings> {
  const { name, type, endpoint, payloadType, enforcement, delivery, order, deliverFrom } = draft;
  const isAsync = type === 'async';
  return {
    name,
    type,
    endpoint,
    payloadType,
    enforcement,
    timeoutMs: Number(draft.timeoutMs),
    ...(!isAsync && { interruptOnError: draft.interruptOnError }),
    ...(enforcement === 'enforce' && { enforcePercent: Number(draft.enforcePercent) }),
    ...(isAsync && { delivery }),
    ...(isAsync && delivery === 'durable' && { order, deliverFrom }),
  };
}

/**
 * The headers by name, without rows that were left empty. The server refuses a value without a name.
 *
 * @throws {@link Failure} for two rows with one name: a record would drop the first
 */
function byName<Value>(
  rows: readonly HeaderDraft[],
  valueOf: (row: HeaderDraft) => Value,
): Readonly<Record<string, Value>> {
  const filled = rows.filter(({ name, value }) => name.trim() !== '' || value !== '');
  const headers = filled.map((row) => [row.name.trim(), valueOf(row)] as const);
  const names = headers.map(([name]) => name);
  const repeated = names.find((name, place) => names.indexOf(name) !== place);
  if (repeated !== undefined)
    throw new Failure('refused', `The header ${JSON.stringify(repeated)} is there twice; nothing was sent.`);
  return Object.fromEntries(headers);
}

export function addition(draft: Draft): AddTarget {
  const { name, type, endpoint } = draft;
  const headers = byName(draft.headers, ({ value }) => value);
  return {
    ...settingsOf(draft),
    name,
    type,
    endpoint,
    ...(Object.keys(headers).length > 0 && { headers }),
  };
}

/** Only the fields that the draft changes, so that changes of other operators stay. */
export function changeOf(draft: Draft, target: Target): ChangeTarget {
  const before = draftOf(target);
  const changed = Object.entries(settingsOf(draft)).filter(
    ([name]) => !isSame(draft[name as keyof Draft], before[name as keyof Draft]),
  );
  // Reset settings with the type: only an async target can be durable, and an async target never interrupts.
  const becomesAsync = draft.type === 'async' && target.interruptOnError;
  const becomesInline = draft.type !== 'async' && target.delivery === 'durable';
  return {
    ...(Object.fromEntries(changed) as Partial<TargetSettings>),
    ...(becomesAsync && { interruptOnError: false }),
    ...(becomesInline && { delivery: 'inline' as const }),
    ...(!isSame(draft.headers, before.headers) && {
      headers: byName(draft.headers, ({ isKept, value }) => (isKept ? null : value)),
    }),
    revision: target.revision,
  };
}

/** Applies the edits since `before` to the newest settings. */
export function rebased(draft: Draft, before: Target, newest: Target): Draft {
  const [old, current] = [draftOf(before), draftOf(newest)];
  const kept = (Object.keys(draft) as (keyof Draft)[]).filter((name) => !isSame(draft[name], old[name]));
  return { ...current, ...Object.fromEntries(kept.map((name) => [name, draft[name]])) };
}
