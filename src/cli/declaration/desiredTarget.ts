import { InvalidArgumentError } from '../../errors.js';
import type { ChangeTarget, TargetView } from '../../index.js';
import { settingDefaults } from '../../target/settings.js';
import { durationMs } from '../shell/duration.js';
import type { DeclaredTarget } from './declaration.js';

/** The complete settings of a declared target: a missing field has the default of a new target. */
export type DesiredTarget = Required<Omit<ChangeTarget, 'headers' | 'rotateSigningKey'>> & {
  readonly headers: Readonly<Record<string, string | null>>;
};

/** @throws {@link InvalidArgumentError} for a header without a value */
export function desiredTarget(
  name: string,
  declared: DeclaredTarget,
  existing: TargetView | undefined,
  env: Readonly<Record<string, string | undefined>>,
) {
  const { timeout, headers = {}, keys: _keys, ...rest } = declared;
  const where = `header of target ${JSON.stringify(name)}`;
  const values = Object.entries(headers).map(([header, from]): [string, string | null] => {
    if (from === null) {
      if (existing && Object.hasOwn(existing.headers, header)) return [header, null];
      throw new InvalidArgumentError(
        `the ${where} ${JSON.stringify(header)} has no stored value to keep; name one: { env: VARIABLE }; nothing was written`,
      );
    }
    const value = env[from.env];
    if (value !== undefined && value !== '') return [header, value];
    throw new InvalidArgumentError(
      `the ${where} ${JSON.stringify(header)} comes from the variable ${from.env}, which is not set or empty; nothing was written`,
    );
  });
  return {
    ...settingDefaults,
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    name,
    type: rest.type,
    endpoint: rest.endpoint,
    timeoutMs: timeout === undefined ? settingDefaults.timeoutMs : (durationMs(timeout) ?? NaN),
    headers: Object.fromEntries(values),
  } satisfies ChangeTarget;
}
