import { counted, timeLimit } from '../../lib/shown/figures.js';
import { z } from 'zod';
import { forgetOldest } from '../../lib/forgetOldest.js';
import { parseInput } from '../../lib/input.js';
import type { Clock, HttpAnswer } from '../../ports.js';
import { isFailedCall, type FailedCall } from '../calls/callTarget.js';
import type { ResolvedTarget } from '../../execution/resolve.js';

const schema = z.strictObject({
  failures: z.number().int().min(1).default(5),
  openMs: z
    .number()
    .min(1)
    .max(2 ** 31 - 1)
    .default(30_000),
});

/** When a circuit breaker opens and closes. */
export interface BreakerOptions {
  /** How many failures in a row open the circuit. @defaultValue 5 */
  readonly failures?: number;
  /**
   * How long the circuit stays open; then one call is let through, and its outcome decides. Milliseconds.
   * @defaultValue 30 000
   */
  readonly openMs?: number;
}

/** A circuit breaker that is not closed. */
export interface BreakerStatus {
  /** The instance of the target. */
  readonly instanceID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** `open`: the target is not called; `half-open`: one call is under way, and its outcome decides. */
  readonly state: 'open' | 'half-open';
}

/** Tells a breaker the outcome of a call: `undefined` where the caller gave the call up. Call it once. */
type Settle = (outcome: HttpAnswer | FailedCall | undefined) => void;

/**
 * One circuit breaker for each target, in this process. Network errors, time-outs, 429 and 5xx are failures. No other
 * answer is, a verdict included: a few bad requests would otherwise keep every caller from the target. An aborted or
 * unsent call neither counts as a failure nor uses up the trial call that decides whether the circuit closes.
 */
export interface Breakers {
  /** Lets a call through; `undefined` while the circuit is open. */
  admit(instanceID: string, resolved: ResolvedTarget): Settle | undefined;
  /** Whether {@link Breakers.admit} would refuse now. */
  isOpen(instanceID: string, resolved: ResolvedTarget): boolean;
  /** The failure of a call that the breaker refuses. */
  readonly circuitOpen: FailedCall;
  readonly notClosed: readonly BreakerStatus[];
}

interface BreakersOptions {
  readonly breaker: Required<BreakerOptions>;
  readonly clock: Pick<Clock, 'elapsed'>;
  /** Whether a target still exists. */
  readonly isTarget: (instanceID: string, targetID: string) => boolean;
}

/** The state of a target whose last call failed. A target whose last call succeeded has no entry. */
interface Entry {
  readonly instanceID: string;
  readonly targetID: string;
  readonly endpoint: string;
  /** Failures in a row. */
  failures: number;
  /** `clock.elapsed()` when the circuit opened; `undefined` while it is closed. */
  openedAt: number | undefined;
  /** Whether the trial call is under way. */
  isProbed: boolean;
}

function isFailure(outcome: HttpAnswer | FailedCall): boolean {
  if (isFailedCall(outcome)) return outcome.reason === 'network' || outcome.reason === 'timeout';
  return outcome.status >= 500 || outcome.status === 429;
}

/** The most failing targets that are remembered; beyond it, the state of the one that failed first is dropped. */
const rememberedBreakers = 10_000;

/** Whether an outcome says something about the target: not that of a call that was never dialled. */
const isJudged = (outcome: HttpAnswer | FailedCall | undefined): outcome is HttpAnswer | FailedCall =>
  outcome !== undefined && !(isFailedCall(outcome) && outcome.untried);

/** @throws {@link InvalidArgumentError} for unknown or malformed options */
export const parseBreaker = (options: BreakerOptions): Required<BreakerOptions> =>
  parseInput(schema, options, 'breaker');

export function createBreakers({ breaker, clock, isTarget }: BreakersOptions): Breakers {
  const { failures, openMs } = breaker;
  const entries = new Map<string, Entry>();
  const keyOf = (instanceID: string, targetID: string) => `${instanceID} ${targetID}`;

  function entryOf(instanceID: string, { targetID, target }: ResolvedTarget): Entry | undefined {
    if (entries.size === 0) return undefined;
    const key = keyOf(instanceID, targetID);
    const entry = entries.get(key);
    if (entry === undefined || entry.endpoint === target.endpoint) return entry;
    // Failures of another endpoint say nothing about this one.
    entries.delete(key);
    return undefined;
  }

  function refuses({ openedAt, isProbed }: Entry): boolean {
    if (openedAt === undefined) return false;
    return isProbed || clock.elapsed() - openedAt < openMs;
  }

  function countFailure(instanceID: string, resolved: ResolvedTarget): void {
    const { targetID, target } = resolved;
    const known = entryOf(instanceID, resolved);
    const entry: Entry = known ?? {
      instanceID,
      targetID,
      endpoint: target.endpoint,
      failures: 0,
      openedAt: undefined,
      isProbed: false,
    };
    entry.failures += 1;
    if (entry.failures >= failures) entry.openedAt ??= clock.elapsed();
    if (known !== undefined) return;
    entries.set(keyOf(instanceID, targetID), entry);
    forgetOldest(entries, rememberedBreakers);
  }

  /**
   * Settles the trial call: its success closes the circuit, its failure keeps the circuit open for another `openMs`.
   */
  const settleProbe =
    (entry: Entry): Settle =>
    (outcome) => {
      entry.isProbed = false;
      if (!isJudged(outcome)) return;
      if (isFailure(outcome)) entry.openedAt = clock.elapsed();
      else if (entries.get(keyOf(entry.instanceID, entry.targetID)) === entry)
        entries.delete(keyOf(entry.instanceID, entry.targetID));
    };

  return {
    circuitOpen: {
      reason: 'circuit-open',
      message: `it was not called: it failed ${counted(failures, 'time')} in a row, and is tried again every ${timeLimit(openMs)}`,
      untried: true,
    },
    isOpen(instanceID, resolved) {
      const entry = entryOf(instanceID, resolved);
      return entry !== undefined && refuses(entry);
    },
    admit(instanceID, resolved) {
      const entry = entryOf(instanceID, resolved);
      if (entry?.openedAt !== undefined) {
        if (refuses(entry)) return undefined;
        entry.isProbed = true;
        return settleProbe(entry);
      }
      return (outcome) => {
        if (!isJudged(outcome)) return;
        if (isFailure(outcome)) countFailure(instanceID, resolved);
        else {
          const failing = entryOf(instanceID, resolved);
          if (failing !== undefined && failing.openedAt === undefined)
            entries.delete(keyOf(instanceID, resolved.targetID));
        }
      };
    },
    get notClosed() {
      const found: BreakerStatus[] = [];
      for (const [key, { instanceID, targetID, openedAt, isProbed }] of entries) {
        if (!isTarget(instanceID, targetID)) entries.delete(key);
        else if (openedAt !== undefined)
          found.push({ instanceID, targetID, state: isProbed ? 'half-open' : 'open' });
      }
      return found;
    },
  };
}
