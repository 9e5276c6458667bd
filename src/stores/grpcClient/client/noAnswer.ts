/** How long keep-alive takes to notice that the server is gone. Milliseconds. */
const keepAliveMs = 20_000;
const marginMs = 2_000;
/** The longest delay of a timer; a longer one fires at once. */
const longestTimerMs = 2 ** 31 - 1;

export const silenceOf = (milliseconds: number): string => `there was no answer for ${milliseconds / 1000} s`;

export function noAnswerFor(milliseconds: number): Error {
  return new Error(silenceOf(milliseconds));
}

/**
 * How long to wait for the answer to an append: the longer of its deadline and the time that keep-alive needs, plus 2 s.
 */
export function hangAfter(deadlineMs: number): number {
  return Math.min(Math.max(deadlineMs, keepAliveMs) + marginMs, longestTimerMs);
}
