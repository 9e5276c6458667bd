import { InvalidArgumentError, type Command } from 'commander';

export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

/** Parses a whole number in a range. */
export const parseCount =
  (least: number, most: number) =>
  (text: string): number => {
    const count = Number(text);
    if (text.trim() === '' || !Number.isInteger(count) || count < least || count > most)
      throw new InvalidArgumentError(
        `Write a whole number of at least ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`}.`,
      );
    return count;
  };

/** Parses a share from 0 to 100. */
export function parsePercent(text: string): number {
  const percent = parseNumber(text);
  if (percent < 0 || percent > 100) throw new InvalidArgumentError('Write a number from 0 to 100.');
  return percent;
}

export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('Write a number.');
  return number;
}

/** The rows of a page, within the bounds of the library's lists. */
export const addLimit = (command: Command): Command =>
  command.option(
    '--limit <count>',
    'show at most this many rows, up to 1000 (default: 100)',
    parseCount(1, 1_000),
  );
