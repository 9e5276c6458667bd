import type { JudgedCall } from '../tallying/judgedEvent.js';

/** Failures without an answer: the next call will probably fail likewise. */
const unanswered: ReadonlySet<string | undefined> = new Set([
  'network',
  'timeout',
  'address-refused',
  'secret-unreadable',
]);

/** Watches for targets that never answer, each of whose calls may last its whole timeout. */
export interface Silence {
  /** Why the run should stop, once a target did not answer too often in a row. */
  heard(call: JudgedCall): string | undefined;
}

/** @param most - calls of one target in a row; 0 is no limit */
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
        `target ${JSON.stringify(name)} (${targetID}) did not answer ${count} calls in a row, the last one because ` +
        `${message ?? reason ?? 'it failed'}; mend that, or go on regardless with --give-up-after 0`
      );
    },
  };
}
