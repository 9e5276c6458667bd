import type { JSONValue } from '../../ports.js';
import { scanJSON } from './jsonScan.js';

/** JSON that may be stored, or why not. */
export type ParsedJSON =
  | { readonly value: JSONValue; readonly problem?: undefined; readonly contentProblem: string | undefined }
  | { readonly problem: string };

const strictUTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Reads bytes that somebody else sent as JSON. `problem` says why they are not JSON within `maxDepth`; `contentProblem`
 * says why a value that is JSON would not come back from a store as it was meant.
 */
export function parseJSON(bytes: Uint8Array, maxDepth: number): ParsedJSON {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { problem: 'a byte order mark' };
  const scan = scanJSON(bytes, maxDepth);
  if (scan.isTooDeep) return { problem: `JSON deeper than ${maxDepth} levels` };
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
    // The error would quote what the target said.
    return { problem: 'text that is not JSON' };
  }
  if (!scan.areNumbersExact) return { value, contentProblem: 'a number that JavaScript cannot keep' };
  return { value, contentProblem: walk(value, scan.members, scan.hasUnicodeEscapes) };
}

/** Without recursion, whatever the depth. */
function walk(root: JSONValue, membersWritten: number, looksAtStrings: boolean): string | undefined {
  if (membersWritten === 0 && !looksAtStrings) return undefined;
  const pending: JSONValue[] = [root];
  let members = 0;
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === 'string') {
      if (looksAtStrings && !isStorable(value)) return 'a string with a lone surrogate or NUL';
    } else if (Array.isArray(value)) {
      for (const item of value as readonly JSONValue[]) pending.push(item);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        if (name === '__proto__') return 'a member named __proto__';
        if (looksAtStrings && !isStorable(name)) return 'a name with a lone surrogate or NUL';
        members += 1;
        pending.push(member);
      }
    }
  }
  return members === membersWritten ? undefined : 'the same name twice in one object';
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && !loneSurrogate.test(text);
}
