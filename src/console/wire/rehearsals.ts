import type { Kind, Verdict } from './shared.js';
import type { TargetSettings } from './targets.js';

/** An occurrence. The `name` of a request or response is `/<service>/<method>`. */
export interface Occurrence {
  readonly kind: Kind;
  readonly name: string;
}

/** `POST api/explain` with an {@link Occurrence}: needs `readExecutions`. Changes nothing. */
export interface Explanation {
  /** The most specific first. */
  readonly candidates: readonly string[];
  readonly winner: string | null;
  /** In the order of the calls. */
  readonly targets: readonly {
    readonly id: string;
    readonly name: string;
    readonly executionID: string;
  }[];
  readonly skipped: readonly { readonly executionID: string; readonly reason: string }[];
}

/**
 * `POST api/rehearse`: needs `readExecutions` and `readTargets`, with `send` also `writeExecutions`. Appends nothing; with
 * `send` the targets are called.
 */
export interface Rehearse extends Occurrence {
  readonly content?: unknown;
  /** For a response: the request as it was processed. */
  readonly request?: unknown;
  /** For an event. */
  readonly stream?: string;
  /** For an event: the version that it would have. Decimal digits. */
  readonly sequence?: string;
  readonly send?: boolean;
}

export interface Rehearsal {
  readonly condition: string;
  readonly winner: string | null;
  readonly sent: boolean;
  readonly calls: readonly RehearsedCall[];
  readonly outcome?:
    | { readonly kind: 'passed' | 'amended'; readonly content: unknown }
    | {
        readonly kind: 'interrupted';
        readonly error: { readonly code: string; readonly status: number; readonly message: string };
      };
}

export interface RehearsedCall {
  readonly targetID: string;
  readonly name: string;
  readonly type: TargetSettings['type'];
  readonly executionID: string;
  readonly enforced: boolean;
  /** Signatures and the target's own header values are `***`. A signed body shows its payload. */
  readonly request?: {
    readonly method: 'POST';
    readonly endpoint: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    /** How long a body is that is left out, since the rehearsal has too much to show. */
    readonly omittedBytes?: number;
  };
  readonly answer?: {
    readonly status: number;
    readonly contentType: string;
    readonly body: string;
    readonly omittedBytes?: number;
    readonly durationMs: number;
  };
  readonly judgement?: {
    readonly verdict: Verdict;
    readonly reason?: string;
    readonly message?: string;
    readonly forwardedStatus?: number;
    readonly content?: unknown;
  };
}
