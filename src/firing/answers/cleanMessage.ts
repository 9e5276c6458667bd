import { replaceUnseen } from '../../lib/shown/unseen.js';

const escape = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);
const controlSequence = String.fromCharCode(0x9b);

/**
 * Terminal sequences (ECMA-48): operating system commands with their text, control sequences, other two-character
 * sequences.
 */
const terminalSequences = new RegExp(
  `${escape}\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|(?:${escape}\\[|${controlSequence})[0-?]*[ -/]*[@-~]?|${escape}.?`,
  'gs',
);
/** White space that is not a space, with the blank of Braille. */
const whiteSpace = /[\t-\r\u2028\u2029\u2800]+/g;
/** Control characters, and halves of surrogate pairs. */
const unprintable = /[\p{Cc}\p{Surrogate}]/gu;
const nothing = (): string => '';

/**
 * Makes foreign text fit for one line of a log or a terminal, at most `maxBytes` of UTF-8, cut between characters.
 *
 * @param hide - takes secrets out before the cut, which could leave a part of one
 */
export function cleanMessage(text: string, maxBytes: number, hide?: (text: string) => string): string {
  const printed = text
    .slice(0, maxBytes * 16)
    .replace(terminalSequences, '')
    .replace(whiteSpace, ' ')
    .replace(unprintable, '');
  const cleaned = replaceUnseen(printed, nothing).trim();
  return cut(hide ? hide(cleaned) : cleaned, maxBytes);
}

function cut(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= maxBytes) return text;
  let end = maxBytes;
  // A byte 10xxxxxx continues a character that began before it.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
