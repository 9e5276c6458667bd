import { existsSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';

/** Collects the values of a repeatable option, each parsed on its own. */
export const collected =
  <Value>(parse: (text: string) => Value) =>
  (text: string, before: readonly Value[] = []): readonly Value[] => [...before, parse(text)];

/** Parses text that is not empty, up to the length that the library takes. */
export const parseText =
  (most: number) =>
  (text: string): string => {
    if (text === '' || text.length > most) throw new InvalidArgumentError(`Write 1 to ${most} characters.`);
    return text;
  };

/** Parses the path of a file. The file is read later. */
export function parsePath(text: string): string {
  if (text === '' || text.includes('\0')) throw new InvalidArgumentError('Write the path of a file.');
  return text;
}

/** Parses the path of a file of JSON; `-` is stdin. */
export function parseJSONPath(text: string): string {
  if (/^\s*[[{]/.test(text) && !existsSync(text))
    throw new InvalidArgumentError('Write the path of a file that has the JSON.');
  return parsePath(text);
}

/** Parses a whole number in a range. */
export const parseCount =
  (least: number, most: number) =>
  (text: string): number => {
    const count = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(count) || count < least || count > most)
      throw new InvalidArgumentError(
        `Write a whole number of at least ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`}.`,
      );
    return count;
  };

/** Parses a share from 0 to 100. */
export function parsePercent(text: string): number {
  const percent = /^\d{1,3}(?:\.\d{1,15})?$/.test(text) ? Number(text) : NaN;
  if (!(percent <= 100)) throw new InvalidArgumentError('Write a number from 0 to 100.');
  return percent;
}

/** The rows of a page, within the bounds of the library's lists. */
export const addLimit = (command: Command): Command =>
  command.option(
    '--limit <count>',
    'show at most this many rows, up to 1000 (default: 100)',
    parseCount(1, 1_000),
  );
