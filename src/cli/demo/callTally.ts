import type { ActionsOptions, Verdict } from '../../index.js';

type OnCall = NonNullable<ActionsOptions['onCall']>;

/** Counts the library's reports of calls, by target and verdict. */
export class CallTally {
  private readonly counts = new Map<string, number>();

  readonly onCall: OnCall = ({ targetID, verdict }) => {
    const key = `${targetID} ${verdict}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  };

  of(targetID: string, ...verdicts: readonly Verdict[]): number {
    return verdicts.reduce((sum, verdict) => sum + (this.counts.get(`${targetID} ${verdict}`) ?? 0), 0);
  }
}
