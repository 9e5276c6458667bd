import { timestampFromDate, type Duration, type Timestamp } from '@bufbuild/protobuf/wkt';
import { InvalidArgumentError } from '../../errors.js';

// The helpers of the protobuf runtime round durations to milliseconds, and fail beyond the range of a Date.

const nanosOfMillisecond = 1_000_000;

/** Milliseconds, with the fraction that the nanoseconds make. */
export const millisecondsOf = ({ seconds, nanos }: Duration): number =>
  Number(seconds) * 1_000 + nanos / nanosOfMillisecond;

export function durationOf(milliseconds: number): Pick<Duration, 'seconds' | 'nanos'> {
  const seconds = Math.floor(milliseconds / 1_000);
  const nanos = Math.round((milliseconds - seconds * 1_000) * nanosOfMillisecond);
  return nanos === 1_000 * nanosOfMillisecond
    ? { seconds: BigInt(seconds + 1), nanos: 0 }
    : { seconds: BigInt(seconds), nanos };
}

/** The range of a Timestamp: the years 1 to 9999. */
const earliestMs = -62_135_596_800_000;
const latestMs = 253_402_300_799_999;

/** @throws {@link InvalidArgumentError} for a time outside the years 1 to 9999 */
export function millisecondsSinceEpoch(what: string, { seconds, nanos }: Timestamp): number {
  const milliseconds = Number(seconds) * 1_000 + Math.floor(nanos / nanosOfMillisecond);
  if (nanos >= 0 && nanos <= 999_999_999 && milliseconds >= earliestMs && milliseconds <= latestMs)
    return milliseconds;
  throw new InvalidArgumentError(`${what} is a time in the years 1 to 9999; nothing was written`);
}

/** Nanoseconds since the epoch: exact, so that times compare to the nanosecond. */
export const nanosecondsSinceEpoch = ({ seconds, nanos }: Pick<Timestamp, 'seconds' | 'nanos'>): bigint =>
  seconds * 1_000_000_000n + BigInt(nanos);

export const timestampOf = (date: Date | number): Timestamp =>
  timestampFromDate(new Date(Math.min(Math.max(Number(date), earliestMs), latestMs)));
