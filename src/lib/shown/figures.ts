const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const percents = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

export const count = (value: number): string => numbers.format(value);

/** A count with its noun: `1 call`, `2 calls`. */
export const counted = (value: number | bigint, noun: string): string =>
  `${value} ${Number(value) === 1 ? noun : `${noun}s`}`;

/** A time limit: whole milliseconds, with three digits below one. */
export const timeLimit = (value: number): string =>
  `${value < 1 ? Number(value.toPrecision(3)) : Math.round(value)} ms`;

/** A share such as `12.5 %`; `0 %` only for a share of 0, and `100 %` only for all. */
export function percent(value: number, total: number): string {
  if (total === 0 || value === 0) return '0 %';
  const share = (value / total) * 100;
  if (share < 0.1) return '< 0.1 %';
  if (share > 99.9 && value < total) return '> 99.9 %';
  return `${percents.format(share)} %`;
}

/** A duration with three significant digits, in ms or s. */
export function milliseconds(value: number): string {
  if (value >= 10_000) return `${Number((value / 1_000).toPrecision(3))} s`;
  return `${Number(value.toPrecision(3))} ms`;
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** `6 hours`, `1 day`. */
export function span(value: number): string {
  const [name, size] = units.find(([, each]) => value >= each && value % each === 0) ?? ['second', 1_000];
  const amount = value / size;
  return `${count(amount)} ${name}${amount === 1 ? '' : 's'}`;
}

/** A duration in the largest unit that fits: `7 minutes`. */
export function roughly(value: number): string {
  const [, size] = units.find(([, each]) => value >= each) ?? ['second', 1_000];
  return span(Math.max(1, Math.floor(value / size)) * size);
}

/** `2030-01-31 08:00:00 UTC`. */
export const utc = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
