import type { CallVerdict, EventOutcome } from './judgedEvent.js';
import type { Example } from './examples.js';
import type { Latency } from './latencies.js';

type EventCounts = Readonly<Record<EventOutcome, number>>;
type CallCounts = Readonly<Record<CallVerdict, number>>;

/** Events of one type. The row that counts all further types has no `type`. */
interface TypeRow extends EventCounts {
  readonly type?: string | undefined;
  readonly chosen: number;
  /** Events that would call no target. */
  readonly notCalled: number;
}

/** Calls of one target. The row that counts all further targets has no `id` and no `name`. */
interface TargetRow extends CallCounts {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly calls: number;
  /** Calls of observed targets, whose answers are not applied. */
  readonly observed: number;
  /** The durations of answered calls. Milliseconds. */
  readonly p50?: number | undefined;
  readonly p99?: number | undefined;
}

/** The counts. */
export interface Tallied {
  readonly events: EventCounts & {
    /** Events of the chosen streams that were read. */
    readonly read: number;
    /** Events among these of the chosen types and times. */
    readonly chosen: number;
    /** Events among the chosen ones that would call a target. */
    readonly matched: number;
    readonly notCalled: number;
    /** Events that cannot be rehearsed. */
    readonly skipped: number;
    /** Events under way when the run was stopped: their calls may have been made, and are not counted. */
    readonly cutOff: number;
  };
  readonly calls: CallCounts & { readonly total: number; readonly observed: number };
  readonly types: readonly TypeRow[];
  readonly targets: readonly TargetRow[];
  /** Counts by the execution that applied; empty where the command line named a target. */
  readonly executions: readonly { readonly id?: string | undefined; readonly events: number }[];
  /** Failed calls by reason. */
  readonly failures: readonly { readonly reason: string; readonly calls: number }[];
  /** Counts by the time at which events were created. */
  readonly overTime: {
    /** Milliseconds. */
    readonly bucketMs: number;
    readonly buckets: readonly (EventCounts & { readonly from: string })[];
  };
  /** Absent where no call was answered. */
  readonly latency?: Latency | undefined;
  readonly examples: Readonly<Record<'refused' | 'amended' | 'failed' | 'skipped', readonly Example[]>>;
}

/** How a backtest ended. */
export interface Ending {
  readonly kind: 'complete' | 'interrupted' | 'gave-up' | 'failed';
  readonly message?: string | undefined;
}

/** The answers of a policy to recorded events. Plain JSON, without data of events and without secrets. */
export interface BacktestReport extends Tallied {
  /** The command to type to run it again, without the global options. */
  readonly command: string;
  /** The location of the events, without credentials. */
  readonly store: string;
  readonly instance: string;
  /** The only target that was called; `null` where the executions decided. */
  readonly target: { readonly id: string; readonly name: string } | null;
  readonly selection: {
    readonly prefixes: readonly string[];
    readonly types: readonly string[];
    readonly since: string | null;
    readonly until: string | null;
    readonly limit: number | null;
  };
  /** Whether the calls were really made. */
  readonly sent: boolean;
  /** Whether observed targets were judged as enforced. */
  readonly enforced: boolean;
  readonly startedAt: string;
  readonly durationMs: number;
  /** Position of the last event of the store when the run started: later events were not read. */
  readonly head?: string | undefined;
  readonly ended: Ending;
  /** A backtest never appends. */
  readonly appended: 0;
}
