import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { CircuitBreakerPolicy } from 'cockatiel';
import { z } from 'zod';
import type { InterruptReason } from '../../errors.js';
import { parseInput } from '../../lib/input.js';
import type { HttpAnswer } from '../../ports.js';
import { isFailedCall, type CallTarget, type FailedCall } from '../calls/callTarget.js';

const schema = z.strictObject({
  failures: z.number().int().min(1).default(5),
  openMs: z
    .number()
    .min(1)
    .max(2 ** 31 - 1)
    .default(30_000),
});

export interface BreakerOptions {
  /** After how many failures in a row a target is not called any more. @defaultValue 5 */
  readonly failures?: number;
  /** How long it is not called; then one call is let through, whose outcome decides. Milliseconds. @defaultValue 30 000 */
  readonly openMs?: number;
}

/** A circuit breaker that is not closed. */
export interface BreakerStatus {
  readonly instanceID: string;
  readonly targetID: string;
  /** `open`: the target is not called; `half-open`: one call is under way, and decides. */
  readonly state: 'open' | 'half-open';
}

/** One circuit breaker for each target, in this process. */
export interface Breakers {
  /**
   * The same, but a target that keeps failing is not called for a while. Network errors, time-outs, 429 and 5xx are
   * failures. Every other answer is none, and a verdict least of all: else a few bad requests would lock everybody out.
   */
  readonly callTarget: CallTarget;
  readonly notClosed: readonly BreakerStatus[];
}

export interface BreakersOptions {
  readonly callTarget: CallTarget;
  readonly breaker: Required<BreakerOptions>;
  /** Whether a target is still there. */
  readonly isTarget: (instanceID: string, targetID: string) => boolean;
}

interface Entry {
  readonly instanceID: string;
  readonly targetID: string;
  readonly endpoint: string;
  readonly policy: CircuitBreakerPolicy;
}

/** Failures of this side, before anything was sent: they say nothing of the target. */
const ownFailures: ReadonlySet<InterruptReason> = new Set([
  'content-too-large',
  'secret-unreadable',
  'address-refused',
  'queue-full',
]);

function isFailure(outcome: HttpAnswer | FailedCall): boolean {
  if (isFailedCall(outcome)) return outcome.reason === 'network' || outcome.reason === 'timeout';
  return outcome.status >= 500 || outcome.status === 429;
}

/** Carries an outcome past the breaker. */
class NotJudged extends Error {
  readonly outcome: FailedCall;

  constructor(outcome: FailedCall) {
    super();
    this.outcome = outcome;
  }
}

/** Closed ones beyond are forgotten, with the failures they have counted. */
const rememberedBreakers = 10_000;

/** @throws {@link InvalidArgumentError} for options that are not understood */
export const parseBreaker = (options: BreakerOptions): Required<BreakerOptions> =>
  parseInput(schema, options, 'breaker');

export function createBreakers({ callTarget, breaker, isTarget }: BreakersOptions): Breakers {
  const { failures, openMs } = breaker;
  const entries = new Map<string, Entry>();
  const circuitOpen: FailedCall = {
    reason: 'circuit-open',
    message: `it was not called: its last ${failures} calls failed, and it is tried again every ${openMs} ms`,
  };

  function createPolicy(): CircuitBreakerPolicy {
    // What was cut off or never sent decides nothing: it counts neither way, and does not close a circuit.
    const judged = handleWhenResult((outcome) => isFailure(outcome as HttpAnswer | FailedCall)).orWhen(
      () => policy.state === CircuitState.HalfOpen,
    );
    const policy = circuitBreaker(judged, {
      breaker: new ConsecutiveBreaker(failures),
      halfOpenAfter: openMs,
    });
    return policy;
  }

  function entryOf(instanceID: string, targetID: string, endpoint: string): Entry {
    const key = `${instanceID} ${targetID}`;
    const known = entries.get(key);
    // Another endpoint starts anew.
    if (known?.endpoint === endpoint) return known;
    if (entries.size >= rememberedBreakers)
      for (const [each, { policy }] of entries)
        if (policy.state === CircuitState.Closed) entries.delete(each);
    const entry = { instanceID, targetID, endpoint, policy: createPolicy() };
    entries.set(key, entry);
    return entry;
  }

  return {
    async callTarget(turn, timeoutMs, signal) {
      const { operation, resolved } = turn;
      const { policy } = entryOf(operation.instanceID, resolved.targetID, resolved.target.endpoint);
      // The breaker would let it wait for the call that decides, beyond its own time.
      if (policy.state === CircuitState.HalfOpen) return circuitOpen;
      try {
        return await policy.execute(async () => {
          const outcome = await callTarget(turn, timeoutMs, signal);
          if (isFailedCall(outcome) && ownFailures.has(outcome.reason)) throw new NotJudged(outcome);
          return outcome;
        });
      } catch (error) {
        if (error instanceof NotJudged) return error.outcome;
        if (error instanceof BrokenCircuitError) return circuitOpen;
        throw error;
      }
    },
    get notClosed() {
      const found: BreakerStatus[] = [];
      for (const [key, { instanceID, targetID, policy }] of entries) {
        if (!isTarget(instanceID, targetID)) entries.delete(key);
        else if (policy.state === CircuitState.Open) found.push({ instanceID, targetID, state: 'open' });
        else if (policy.state === CircuitState.HalfOpen)
          found.push({ instanceID, targetID, state: 'half-open' });
      }
      return found;
    },
  };
}
