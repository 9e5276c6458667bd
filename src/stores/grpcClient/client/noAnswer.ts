/** How long keep-alive takes to find out that the server is gone. Milliseconds. */
const keepAliveMs = 20_000;
const marginMs = 2_000;
/** Longest delay a timer takes; anything above fires at once. */
const longestTimerMs = 2 ** 31 - 1;

export const silenceOf = (milliseconds: number): string => `there was no answer for ${milliseconds / 1000} s`;

export function noAnswerFor(milliseconds: number): Error {
  return new Error(silenceOf(milliseconds));
}

/** How long an append may be without an answer before it is given up: its own deadline or what keep-alive needs, and 2 s. */
export function hangAfter(deadlineMs: number): number {
  return Math.min(Math.max(deadlineMs, keepAliveMs) + marginMs, longestTimerMs);
}
