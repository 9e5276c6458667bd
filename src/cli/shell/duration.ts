import { InvalidArgumentError } from 'commander';

const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Parses `500ms`, `2s`, `1.5m`, `1h` or `2d` into milliseconds. Returns `undefined` for any other text. */
export function durationMs(text: string): number | undefined {
  const { value, unit } = /^(?<value>\d{1,9}(?:\.\d{1,6})?)(?<unit>ms|[smhd])$/.exec(text)?.groups ?? {};
  if (value === undefined || unit === undefined) return undefined;
  return Number(value) * (milliseconds[unit] ?? NaN);
}

/** As {@link durationMs}, for an option of the command line that takes whole milliseconds up to `longestMs`. */
export const parseDuration =
  (longestMs: number) =>
  (text: string): number => {
    const duration = durationMs(text);
    if (duration === undefined || duration > longestMs)
      throw new InvalidArgumentError(
        `Write a duration as 500ms, 2s, 1m, 1h or 1d, of at most ${formatDuration(longestMs)}.`,
      );
    return Math.ceil(duration);
  };

/** Writes milliseconds in the largest unit that needs no fraction. */
export function formatDuration(duration: number): string {
  const units = Object.entries(milliseconds).reverse();
  const [unit, size] = units.find(([, each]) => duration >= each && duration % each === 0) ?? ['ms', 1];
  return `${duration / size}${unit}`;
}
