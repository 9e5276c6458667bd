import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';

/** Conditions that tests wait for. Code that changes the subject notifies them, so that nothing polls. */
interface Conditions {
  /** Resolves as soon as `isSo` holds, which is checked now and after each change. */
  until(isSo: () => boolean): Promise<void>;
  changed(): void;
}

export function createConditions(): Conditions {
  const waiting = new Set<() => void>();
  return {
    until: (isSo) =>
      new Promise((resolve) => {
        const check = () => {
          if (!isSo()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    changed() {
      for (const check of [...waiting]) check();
    },
  };
}

/** The timer of Node, since a test may replace the timers of the process. */
const pause = setTimeout;
/** Longer than any awaited state takes on a busy machine, and shorter than the time limit of a test. */
const longestWaitMs = 30_000;
/**
 * The checks in consecutive turns of the event loop; later checks wait in between, to leave the machine to others.
 */
const turnsAtOnce = 50;
/** The longest wait between two checks. Milliseconds. */
const longestPauseMs = 20;
/** A wait between two checks is this share of the time waited so far: a test is hardly longer for it. */
const pauseShare = 1 / 50;

/**
 * Resolves as soon as `isSo` holds. Polls, for a subject that does not notify.
 *
 * @param withinMs - longer than 30 s for long work, in a test whose time limit is longer as well
 * @throws Error that holds the text of `isSo`, when it is not so in time
 */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  withinMs: number = longestWaitMs,
): Promise<void> {
  const start = performance.now();
  for (let looks = 0; !(await isSo()); looks += 1) {
    const waitedMs = performance.now() - start;
    if (waitedMs > withinMs)
      throw new Error(`not so after ${String(withinMs / 1_000)} s: ${isSo.toString()}`);
    await (looks < turnsAtOnce
      ? nextTurn()
      : pause(Math.min(Math.max(1, waitedMs * pauseShare), longestPauseMs)));
  }
}

/**
 * Runs `check` until it no longer throws, for values of a page that changes after a click.
 *
 * @throws the last error of `check`, when it still throws after 30 s
 */
export async function passes(check: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + longestWaitMs;
  for (;;)
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(20);
    }
}
