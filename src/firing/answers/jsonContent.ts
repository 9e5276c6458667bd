import { counted } from '../../lib/shown/figures.js';
import type { JSONValue } from '../../ports.js';
import { scanJSON, visitJSON } from '../../lib/json/jsonScan.js';
import { isWellFormed } from '../../lib/json/wellFormed.js';

/** JSON that may be stored, or why it may not. */
type ParsedJSON =
  | { readonly value: JSONValue; readonly problem?: undefined; readonly contentProblem: string | undefined }
  | { readonly problem: string };

const strictUTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Values that some stores and languages change: accepted only where the content that was sent holds them too. */
type Oddity =
  'a name or string with a lone surrogate' | 'a name or string with NUL' | 'a member named __proto__';

/**
 * Reads the bytes of an answer as JSON. `problem` says why they are not JSON within `maxDepth`; `contentProblem` says
 * why a store would not return the value unchanged.
 *
 * @param sentJSON - the content that the answer replaces: odd values that it holds are accepted (rule S3)
 */
export function parseJSON(bytes: Uint8Array, maxDepth: number, sentJSON: string): ParsedJSON {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { problem: 'a byte order mark' };
  const scan = scanJSON(bytes, maxDepth);
  if (scan.isTooDeep) return { problem: `JSON deeper than ${counted(maxDepth, 'level')}` };
  let text: string;
  try {
    text = strictUTF8.decode(bytes);
  } catch {
    return { problem: 'text that is not UTF-8' };
  }
  let value: JSONValue;
  try {
    value = JSON.parse(text) as JSONValue;
  } catch {
    // The parser's error would quote the answer.
    return { problem: 'text that is not JSON' };
  }
  if (!scan.areNumbersExact) return { value, contentProblem: 'a number that JavaScript cannot keep' };
  if (scan.members === 0 && !scan.hasUnicodeEscapes) return { value, contentProblem: undefined };
  const { members, oddities } = walk(value, scan.hasUnicodeEscapes);
  if (members !== scan.members) return { value, contentProblem: 'the same name twice in one object' };
  if (oddities.size === 0) return { value, contentProblem: undefined };
  const sent = walk(JSON.parse(sentJSON) as JSONValue, true).oddities;
  return { value, contentProblem: [...oddities].find((oddity) => !sent.has(oddity)) };
}

/** Counts the members of all objects and collects odd values. */
function walk(root: JSONValue, looksAtStrings: boolean) {
  const oddities = new Set<Oddity>();
  let members = 0;
  const string = (text: string): void => {
    if (!looksAtStrings) return;
    if (text.includes('\0')) oddities.add('a name or string with NUL');
    if (!isWellFormed(text)) oddities.add('a name or string with a lone surrogate');
  };
  visitJSON(root, {
    string,
    name(name) {
      if (name === '__proto__') oddities.add('a member named __proto__');
      string(name);
      members += 1;
    },
  });
  return { members, oddities };
}
