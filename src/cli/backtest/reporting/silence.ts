import type { JudgedCall } from '../tallying/judgedEvent.js';

/** Failures without an answer, after which the next call will probably fail too. */
const unanswered: ReadonlySet<string | undefined> = new Set([
  'network',
  'timeout',
  'address-refused',
  'secret-unreadable',
]);

/** Failures before a call is sent. */
const unsent: ReadonlySet<string | undefined> = new Set(['address-refused', 'secret-unreadable']);

/** Detects targets that do not answer: each call of such a target may take its whole timeout. */
interface Silence {
  /** Why the run should stop: set after too many consecutive calls without an answer. */
  heard(call: JudgedCall): string | undefined;
}

/** @param most - the most consecutive calls of one target without an answer; 0 is no limit */
export function createSilence(most: number): Silence {
  const inARow = new Map<string, number>();
  return {
    heard({ targetID, name, verdict, reason, message }) {
      if (verdict !== 'failed' || !unanswered.has(reason)) {
        inARow.delete(targetID);
        return undefined;
      }
      const count = (inARow.get(targetID) ?? 0) + 1;
      inARow.set(targetID, count);
      if (most === 0 || count < most) return undefined;
      return (
        `target ${JSON.stringify(name)} (${targetID}) ${unsent.has(reason) ? 'could not be called' : 'did not answer'} ` +
        `${count} times in a row, the last one because ` +
        `${message ?? reason ?? 'it failed'}; repair the target, or continue regardless with --give-up-after 0`
      );
    },
  };
}
