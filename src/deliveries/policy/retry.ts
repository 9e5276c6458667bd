/** When a failed delivery is tried again, and when it becomes a dead letter. */
export interface RetrySchedule {
  /** The most calls of one delivery; after the last it becomes a dead letter. @defaultValue 84, about 72 hours */
  readonly attempts: number;
  /** The delay after the first failure. Milliseconds. @defaultValue 1 000 */
  readonly firstDelayMs: number;
  /** The factor by which each delay is longer than the previous one. @defaultValue 2 */
  readonly factor: number;
  /** The longest delay. Milliseconds. @defaultValue 3 600 000 */
  readonly maxDelayMs: number;
  /** The share by which a delay is lengthened or shortened at random. @defaultValue 0.2 */
  readonly jitter: number;
  /** The most answers that are the event's fault; after the last the event becomes a dead letter. @defaultValue 8 */
  readonly permanentAttempts: number;
  /** Whether a status is the event's fault. @defaultValue client errors that waiting does not mend */
  readonly permanent: (status: number) => boolean;
  /** The longest wait that a `Retry-After` can ask for. Milliseconds. @defaultValue 3 600 000 */
  readonly maxRetryAfterMs: number;
}

const eventFaults: ReadonlySet<number> = new Set([
  400, 405, 406, 411, 413, 414, 415, 416, 417, 422, 426, 428, 431, 451, 501, 505,
]);

export const defaultRetry: RetrySchedule = {
  attempts: 84,
  firstDelayMs: 1_000,
  factor: 2,
  maxDelayMs: 3_600_000,
  jitter: 0.2,
  permanentAttempts: 8,
  permanent: (status) => eventFaults.has(status),
  maxRetryAfterMs: 3_600_000,
};

/** @param attempt - how many calls were made, from 1; @param random - in [0, 1) */
export function delayAfter(retry: RetrySchedule, attempt: number, random: number): number {
  const { firstDelayMs, factor, maxDelayMs, jitter } = retry;
  // Bound the exponent, so that the power stays finite.
  const delay = Math.min(firstDelayMs * factor ** Math.min(attempt - 1, 1_000), maxDelayMs);
  return delay * (1 + jitter * (2 * random - 1));
}

/** Whether a delivery becomes a dead letter. */
export const isExhausted = (retry: RetrySchedule, attempts: number, faults: number): boolean =>
  attempts >= retry.attempts || faults >= retry.permanentAttempts;

const longestHeader = 100;

/**
 * The wait that a `Retry-After` header asks for, in milliseconds: seconds or an HTTP date; `undefined` for any other
 * text.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.length > longestHeader) return undefined;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1_000;
  const at = /[A-Za-z]/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
