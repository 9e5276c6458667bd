/** Each deadline is ten times the one before; together they are shorter than the time limit of a test. */
const deadlines = [400, 4_000, 30_000] as const;

/**
 * Runs `attempt` with a deadline, and again with one ten times longer when the first passed too early: on a busy
 * machine a deadline may pass before the work that it is to end has begun.
 *
 * @param attempt - resolves with whether the work that the deadline is to end had begun
 */
export async function withDeadline(attempt: (deadlineMs: number) => Promise<boolean>): Promise<void> {
  for (const deadlineMs of deadlines) if (await attempt(deadlineMs)) return;
  throw new Error(`had not begun within ${String(deadlines.at(-1))} ms`);
}
