import type { CallVerdict, EventOutcome } from './judgedEvent.js';
import type { Example } from './examples.js';
import type { Latency } from './latencies.js';

export type EventCounts = Readonly<Record<EventOutcome, number>>;
export type CallCounts = Readonly<Record<CallVerdict, number>>;

/** Events of one type. `type` is absent for all types beyond the bound. */
export interface TypeRow extends EventCounts {
  readonly type?: string | undefined;
  readonly chosen: number;
  /** For which nobody is called. */
  readonly notCalled: number;
}

/** Calls of one target. `id` and `name` are absent for all targets beyond the bound. */
export interface TargetRow extends CallCounts {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly calls: number;
  /** What these said was not applied. */
  readonly observed: number;
  /** Milliseconds, of the calls that were answered. */
  readonly p50?: number | undefined;
  readonly p99?: number | undefined;
}

/** What was counted. */
export interface Tallied {
  readonly events: EventCounts & {
    /** What the store delivered, of the streams that were asked for. */
    readonly read: number;
    /** Of these, of the types and times that were asked for. */
    readonly chosen: number;
    /** Of these, the ones for which somebody is called. */
    readonly matched: number;
    readonly notCalled: number;
    /** Which cannot be rehearsed. */
    readonly skipped: number;
    /** Under way when it was stopped: their calls may have been made, and are counted nowhere. */
    readonly cutOff: number;
  };
  readonly calls: CallCounts & { readonly total: number; readonly observed: number };
  readonly types: readonly TypeRow[];
  readonly targets: readonly TargetRow[];
  /** By the execution that won; none where a target was named. */
  readonly executions: readonly { readonly id?: string | undefined; readonly events: number }[];
  /** Failed calls. */
  readonly failures: readonly { readonly reason: string; readonly calls: number }[];
  /** By the time at which events were created. */
  readonly overTime: {
    /** Milliseconds. */
    readonly bucketMs: number;
    readonly buckets: readonly (EventCounts & { readonly from: string })[];
  };
  /** Absent where nobody answered. */
  readonly latency?: Latency | undefined;
  readonly examples: Readonly<Record<'refused' | 'amended' | 'failed' | 'skipped', readonly Example[]>>;
}

/** How a backtest came to its end. */
export interface Ending {
  readonly kind: 'complete' | 'interrupted' | 'gave-up' | 'failed';
  readonly message?: string | undefined;
}

/** What a policy would have said to recorded events. Plain JSON, without data of events and without secrets. */
export interface BacktestReport extends Tallied {
  /** As it could be typed again, without the global options. */
  readonly command: string;
  /** Where the events are, without credentials. */
  readonly store: string;
  readonly instance: string;
  /** The only target that was asked; `null` where the executions decided. */
  readonly target: { readonly id: string; readonly name: string } | null;
  readonly selection: {
    readonly prefixes: readonly string[];
    readonly types: readonly string[];
    readonly since: string | null;
    readonly until: string | null;
    readonly limit: number | null;
  };
  /** Whether anybody was called. */
  readonly sent: boolean;
  /** Whether observed targets were judged as if they were enforced. */
  readonly enforced: boolean;
  readonly startedAt: string;
  readonly durationMs: number;
  /** Position of the last event of the store when it started: what was written later was not read. */
  readonly head?: string | undefined;
  readonly ended: Ending;
  /** A backtest never appends. */
  readonly appended: 0;
}
