import type { Actions, TargetView } from '../../index.js';
import type { DesiredTarget } from './desiredTarget.js';

/**
 * Lists the fields of a target that would change. Stored header values are encrypted: without a keyring, a declared value
 * with a stored one is `unknown` and counts as unchanged.
 */
export async function previewTarget(
  { targets }: Pick<Actions, 'targets'>,
  { id, headers: stored }: TargetView,
  desired: DesiredTarget,
  hasKeyring: boolean,
): Promise<{ readonly fields: readonly string[]; readonly unknown: readonly string[] }> {
  if (hasKeyring) return { fields: await targets.previewChange(id, desired), unknown: [] };
  const headers = Object.entries(desired.headers);
  const isStored = (header: string) => Object.hasOwn(stored, header);
  const kept = headers.filter(([header]) => isStored(header)).map(([header]) => [header, null] as const);
  const fields = await targets.previewChange(id, { ...desired, headers: Object.fromEntries(kept) });
  const added = headers.filter(([header]) => !isStored(header)).map(([header]) => `headers.${header}`);
  const unknown = headers.filter(([header, value]) => value !== null && isStored(header));
  return { fields: [...fields, ...added], unknown: unknown.map(([header]) => header) };
}
