import type { InterruptReason } from '../../errors.js';
import { forgetOldest } from '../../lib/forgetOldest.js';
import { reportedTime } from '../../lib/time/reportedTime.js';
import type { CallReport } from './callReport.js';

/** The outcomes of the calls of one target in this process, calls that were not sent included. Plain JSON. */
export interface TargetCallHealth {
  /** The instance that the target belongs to. */
  readonly instanceID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** Name of the target when it was last called. */
  readonly name: string;
  /** Calls so far. */
  readonly calls: number;
  /** Calls so far that were errors of the target; a verdict is not an error. */
  readonly failures: number;
  /** Failures since the last call that did not fail. */
  readonly failuresInARow: number;
  /** The last failure. Absent where no call failed. */
  readonly lastFailure?: {
    /** RFC 3339. */
    readonly at: string;
    /** Why it failed. */
    readonly reason: InterruptReason;
    /** HTTP status of the answer, if there was one. */
    readonly status?: number;
  };
  /** How long answered calls took, the wait for a place included. Milliseconds. Absent where no call was answered. */
  readonly latencyMs?: {
    /** The mean of all. */
    readonly mean: number;
    /** At least half of the calls took no longer: the upper bound of a bucket; bucket bounds double. */
    readonly median: number;
    /** At least 95 of 100 calls took no longer: likewise a bucket's upper bound. */
    readonly p95: number;
    /** The longest. */
    readonly max: number;
  };
}

export interface TargetCounts {
  count(call: CallReport): void;
  list(): readonly TargetCallHealth[];
}

/** The most targets that are kept; the targets called least recently are forgotten. */
const rememberedTargets = 10_000;
/** Upper bounds of the buckets: 1 ms and doubled, up to above the longest timeout. */
const steps = 20;

interface Counts {
  name: string;
  calls: number;
  failures: number;
  failuresInARow: number;
  lastFailure: { at: number | undefined; reason: InterruptReason; status: number | undefined } | undefined;
  answered: number;
  totalMs: number;
  maxMs: number;
  readonly histogram: Uint32Array;
}

const stepOf = (durationMs: number): number =>
  Math.min(steps - 1, durationMs <= 1 ? 0 : Math.ceil(Math.log2(durationMs)));

export function createTargetCounts(now: () => number): TargetCounts {
  const targets = new Map<string, Counts>();
  let latest: { readonly instanceID: string; readonly targetID: string; readonly counts: Counts } | undefined;

  /** The counts of a target, as those of the target that was called last. */
  function moveLast(instanceID: string, targetID: string): Counts {
    // The id of an instance holds no space.
    const key = `${instanceID} ${targetID}`;
    const counts = targets.get(key) ?? newCounts();
    targets.delete(key);
    targets.set(key, counts);
    forgetOldest(targets, rememberedTargets);
    return counts;
  }

  return {
    count({ instanceID, targetID, name, verdict, reason, status, durationMs }) {
      // Calls often repeat the last target, which is in its place already.
      if (latest?.targetID !== targetID || latest.instanceID !== instanceID)
        latest = { instanceID, targetID, counts: moveLast(instanceID, targetID) };
      const { counts } = latest;
      counts.name = name;
      counts.calls += 1;
      if (verdict === 'failed') {
        counts.failures += 1;
        counts.failuresInARow += 1;
        counts.lastFailure = { at: reportedTime(now), reason: reason ?? 'network', status };
      } else counts.failuresInARow = 0;
      if (status === undefined) return;
      counts.answered += 1;
      counts.totalMs += durationMs;
      counts.maxMs = Math.max(counts.maxMs, durationMs);
      const step = stepOf(durationMs);
      counts.histogram[step] = (counts.histogram[step] ?? 0) + 1;
    },
    list: () => [...targets].map(([key, counts]) => healthOf(key, counts)),
  };
}

const newCounts = (): Counts => ({
  name: '',
  calls: 0,
  failures: 0,
  failuresInARow: 0,
  lastFailure: undefined,
  answered: 0,
  totalMs: 0,
  maxMs: 0,
  histogram: new Uint32Array(steps),
});

function healthOf(key: string, counts: Counts): TargetCallHealth {
  const space = key.indexOf(' ');
  const [instanceID, targetID] = [key.slice(0, space), key.slice(space + 1)];
  const { name, calls, failures, failuresInARow, lastFailure, answered, totalMs, maxMs } = counts;
  return {
    instanceID,
    targetID,
    name,
    calls,
    failures,
    failuresInARow,
    ...(lastFailure && {
      lastFailure: {
        at: timeText(lastFailure.at),
        reason: lastFailure.reason,
        ...(lastFailure.status !== undefined && { status: lastFailure.status }),
      },
    }),
    ...(answered > 0 && {
      latencyMs: {
        mean: totalMs / answered,
        median: boundOf(counts, 0.5),
        p95: boundOf(counts, 0.95),
        max: maxMs,
      },
    }),
  };
}

const timeText = (at: number | undefined): string =>
  at === undefined ? 'unknown' : new Date(at).toISOString();

function boundOf({ histogram, answered, maxMs }: Counts, part: number): number {
  let seen = 0;
  for (const [step, count] of histogram.entries()) {
    seen += count;
    if (seen >= answered * part) return Math.min(2 ** step, maxMs);
  }
  return maxMs;
}
