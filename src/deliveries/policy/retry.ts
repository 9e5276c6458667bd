/** How often and when a delivery is tried again. */
export interface RetrySchedule {
  /** Calls of one delivery in all; then it is a dead letter. @defaultValue 84, about 72 hours */
  readonly attempts: number;
  /** Milliseconds. @defaultValue 1 000 */
  readonly firstDelayMs: number;
  /** How much longer each delay is than the one before. @defaultValue 2 */
  readonly factor: number;
  /** Milliseconds. @defaultValue 3 600 000 */
  readonly maxDelayMs: number;
  /** The share by which a delay is made longer or shorter by chance. @defaultValue 0.2 */
  readonly jitter: number;
  /** Answers that are the event's fault; then it is a dead letter. @defaultValue 8 */
  readonly permanentAttempts: number;
  /** Whether a status is the event's fault. @defaultValue a list of client errors that no wait will mend */
  readonly permanent: (status: number) => boolean;
  /** The longest `Retry-After` that is obeyed. Milliseconds. @defaultValue 3 600 000 */
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

/** @param attempt - how many were made, from 1; @param random - in [0, 1) */
export function delayAfter(retry: RetrySchedule, attempt: number, random: number): number {
  const { firstDelayMs, factor, maxDelayMs, jitter } = retry;
  // Far beyond what any delay reaches, so that the power stays finite.
  const delay = Math.min(firstDelayMs * factor ** Math.min(attempt - 1, 1_000), maxDelayMs);
  return delay * (1 + jitter * (2 * random - 1));
}

/** Whether a delivery is given up. */
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
