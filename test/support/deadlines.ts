/** Ten times longer each; together shorter than the time limit of a test. */
const deadlines = [400, 4_000, 30_000] as const;

/**
 * Runs `attempt` with a deadline by the clock of the machine, and once more with one that is ten times longer where it
 * passed too early: on a busy machine it may pass before that has begun which it is to end.
 *
 * @param attempt - resolves with whether what the deadline is to end had begun
 */
export async function withDeadline(attempt: (deadlineMs: number) => Promise<boolean>): Promise<void> {
  for (const deadlineMs of deadlines) if (await attempt(deadlineMs)) return;
  throw new Error(`had not begun within ${String(deadlines.at(-1))} ms`);
}
