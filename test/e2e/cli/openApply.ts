import { runHere } from './runHere.js';
import { openPlace } from './stores.js';

/** A place with a fresh SQLite store, and `apply` of a text in it. */
export async function openApply() {
  const place = await openPlace('SQLite');
  const env: Record<string, string> = { ...place.env, POLICY_TOKEN: 'hidden' };
  const apply = (text: string, ...flags: string[]) => runHere(['apply', '-', '--yes', ...flags], env, text);
  const read = async (...parameters: string[]) =>
    JSON.parse((await runHere([...parameters, '--json'], env)).stdout) as Record<string, unknown>;
  const exported = async () => (await runHere(['export'], env)).stdout;
  return { env, apply, read, exported, place };
}
