import type { Kind, Verdict } from './shared.js';

/**
 * An item of `GET api/calls?targetID=&verdict=&kind=&condition=&search=&after=&limit=`, the latest first, and of
 * `GET api/calls/<number>`: needs `readExecutions`.
 */
export interface Call {
  /** The number of the call in the process, from 1. */
  readonly number: number;
  /** When the verdict was known. */
  readonly at: string;
  readonly kind: Kind;
  readonly condition: string;
  readonly executionID: string;
  readonly targetID: string;
  readonly name: string;
  /** The `webhook-id`: the same for every attempt. */
  readonly callID: string;
  readonly eventID?: string;
  readonly stream?: string;
  readonly attempt: number;
  readonly durationMs: number;
  readonly status?: number;
  readonly verdict: Verdict;
  readonly enforced: boolean;
  readonly reason?: string;
  readonly contentBytes?: number;
  readonly answerBytes?: number;
  readonly traceID?: string;
  readonly sentBody?: string;
  readonly answerBody?: string;
}

/** `GET api/calls/<number>`: the call, and all kept calls of the same operation, the oldest first. */
export interface CallDetails {
  readonly call: Call;
  /** The calls of the same event, or otherwise the attempts of the same call. At most 100. */
  readonly timeline: readonly Call[];
}

/**
 * A line of `GET api/calls/live?targetID=&verdict=&kind=&condition=&search=` (`application/x-ndjson`): a call from now on;
 * the number of calls left out because the page was slow; a beat every 15 s; or the reason why the server ends the answer.
 */
export type LiveLine =
  Call | { readonly missed: number } | { readonly beat: string } | { readonly ended: string };

/** `GET api/plots?targetID=`: needs `readTargets`. The last 60 minutes, the targets with the most calls first. */
export interface Plots {
  /** The 60 beginnings of the minutes, the oldest first. */
  readonly minutes: readonly string[];
  /** At most 50 of them. */
  readonly targets: readonly TargetPlot[];
  /** Targets that were called in these minutes. */
  readonly total: number;
  /** Calls that the plots missed because there were too many at once. */
  readonly missed: number;
}

/** The values of one target, one for each minute. */
export interface TargetPlot {
  readonly targetID: string;
  readonly name: string;
  readonly passed: readonly number[];
  readonly amended: readonly number[];
  readonly refused: readonly number[];
  readonly failed: readonly number[];
  /** `null` in a minute without a call; otherwise at most 10 % above the true value. */
  readonly p50Ms: readonly (number | null)[];
  readonly p99Ms: readonly (number | null)[];
}
