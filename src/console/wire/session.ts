/** The permissions of the caller. */
interface Rights {
  readonly readTargets: boolean;
  readonly writeTargets: boolean;
  readonly deleteTargets: boolean;
  readonly readExecutions: boolean;
  readonly writeExecutions: boolean;
}

/** `GET api/session`: for every authenticated caller. */
export interface Session {
  readonly userID?: string;
  readonly instanceID: string;
  readonly version: string;
  readonly can: Rights;
  /** Whether the console shows durable deliveries. */
  readonly deliveries: boolean;
  /** Whether calls are kept; without kept calls there is nothing to list, follow or plot. */
  readonly calls: boolean;
}

/** `GET api/overview`: needs `readTargets`. Targets, breakers and keys are those of the instance. */
export interface Overview {
  /** Counts of the process, for all instances together. */
  readonly process: {
    readonly index: {
      readonly position?: string;
      readonly lagMs: number;
      readonly connected: boolean;
      readonly caughtUp: boolean;
      readonly cutIncludes: number;
      readonly failure?: string;
    };
    readonly queues: {
      readonly async: { readonly running: number; readonly waiting: number };
      readonly calls: { readonly waiting: number };
    };
    /** Async calls that were not made because the queue was full. */
    readonly dropped: number;
    /** The verdicts of observed targets that were not applied. */
    readonly observed: {
      readonly calls: number;
      readonly wouldAmend: number;
      readonly wouldRefuse: number;
      readonly failed: number;
    };
  };
  /** Events of the instance that were malformed and skipped; at most 20 of them. */
  readonly failedEvents: readonly {
    readonly stream: string;
    readonly version: string;
    readonly type: string;
    readonly reason: string;
  }[];
  /** Targets that were called, those with the most failures in a row first; at most 100 of them. */
  readonly targets: readonly TargetHealth[];
  /** Breakers that are not closed; at most 100 of them. */
  readonly breakers: readonly { readonly targetID: string; readonly state: 'open' | 'half-open' }[];
  /** Ids of targets whose signing key or header values do not open; at most 100 of them. */
  readonly unreadableKeys: readonly string[];
  readonly totals: {
    readonly targets: number;
    readonly executions: number;
    readonly failedEvents: number;
    readonly calledTargets: number;
    readonly breakers: number;
    readonly unreadableKeys: number;
  };
}

export interface TargetHealth {
  readonly targetID: string;
  readonly name: string;
  readonly calls: number;
  readonly failures: number;
  readonly failuresInARow: number;
  readonly lastFailure?: { readonly at: string; readonly reason: string; readonly status?: number };
  readonly latencyMs?: {
    readonly mean: number;
    readonly median: number;
    readonly p95: number;
    readonly max: number;
  };
}
