import { isDeeperThan } from '../../lib/json/json.js';
import type { JSONValue } from '../../ports.js';

/** Shorter header values are not masked: they are no secrets, and would mask parts of ordinary words. Characters. */
const shortestSecret = 8;
const shown = '***';
/** Levels of JSON that are searched. A deeper value is masked as a whole. */
const maxLevels = 500;

/** Masks secrets in the texts of targets. */
export interface SecretMask {
  /** Masks these secrets from now on. */
  hide(secrets: readonly string[]): void;
  /** The text without the secrets, in every JSON spelling of them. */
  text(text: string): string;
  /** The value without the secrets. A part that nests too deeply for the search is masked whole. */
  value(value: JSONValue): JSONValue;
}

export function createSecretMask(): SecretMask {
  const secrets = new Set<string>();

  function plain(text: string): string {
    // The longest secret first, so that one which contains another is masked whole.
    const longestFirst = [...secrets].sort((one, other) => other.length - one.length);
    return longestFirst.reduce((masked, secret) => masked.replaceAll(secret, shown), text);
  }

  function masked(given: JSONValue, level: number): JSONValue {
    if (typeof given === 'string') return plain(given);
    if (typeof given !== 'object' || given === null) return given;
    if (level > maxLevels) return shown;
    if (Array.isArray(given)) return given.map((each: JSONValue) => masked(each, level + 1));
    return Object.fromEntries(
      Object.entries(given).map(([name, each]) => [plain(name), masked(each, level + 1)]),
    );
  }
  const value = (given: JSONValue): JSONValue => masked(given, 1);

  return {
    hide(more) {
      for (const secret of more) {
        // In `Bearer <token>` only the token is the secret.
        const [, credentials = '', ...others] = secret.split(' ');
        for (const each of others.length === 0 ? [secret, credentials] : [secret])
          if (each.length >= shortestSecret) secrets.add(each);
      }
    },
    value,
    text(text) {
      if (secrets.size === 0) return text;
      const found = plain(text);
      // JSON has many escapes for one character: its strings are parsed and then masked.
      const parsed = parse(found);
      if (parsed === undefined) return withoutEscaped(found);
      const content = JSON.stringify(value(parsed));
      return content === JSON.stringify(parsed) ? found : content;
    },
  };

  /** Masks the secrets and their usual JSON spelling, in text that is not JSON as a whole. */
  function withoutEscaped(text: string): string {
    return [...secrets].reduce(
      (masked, secret) => masked.replaceAll(JSON.stringify(secret).slice(1, -1), shown),
      text,
    );
  }
}

function parse(text: string): JSONValue | undefined {
  if (isDeeperThan(text, maxLevels)) return undefined;
  try {
    return JSON.parse(text) as JSONValue;
  } catch {
    return undefined;
  }
}
