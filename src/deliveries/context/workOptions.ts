import { z } from 'zod';
import { InvalidArgumentError } from '../../errors.js';
import { parseInput } from '../../lib/input.js';
import { requireFunction } from '../../lib/reading/reading.js';
import { isCallable } from '../../lib/reading/shownValue.js';
import type { ActiveTarget } from '../../target/target.js';
import { defaultRetry, type RetrySchedule } from '../policy/retry.js';

/** The facts that a retry schedule may depend on. */
export interface RetryTarget {
  /** The id of the target. */
  readonly targetID: string;
  /** Its name. */
  readonly name: string;
  /** Its endpoint. */
  readonly endpoint: string;
}

const count = z.number().int().min(1).max(1_000_000);
const milliseconds = z
  .number()
  .min(1)
  .max(2 ** 31 - 1);

const schema = z.strictObject({
  atOnce: count.default(64),
  perTarget: count.default(16),
  perHost: count.optional(),
  window: count.default(256),
  windowBytes: z.number().int().min(1_024).default(33_554_432),
  depth: count.default(32),
  readers: count.max(64).default(4),
  coldLanes: count.default(256),
  commitMs: milliseconds.optional(),
  leaseMs: milliseconds.min(300).optional(),
  drainMs: z.number().min(0).default(10_000),
  failures: count.default(10),
  probeMs: milliseconds.default(60_000),
  expireMs: milliseconds.optional(),
  retry: z.unknown().optional(),
  untilIdle: z.boolean().optional(),
});

const retrySchema = z.strictObject({
  attempts: count.optional(),
  firstDelayMs: z.number().min(0).optional(),
  factor: z.number().min(1).max(1_000).optional(),
  maxDelayMs: z.number().min(0).optional(),
  jitter: z.number().min(0).max(1).optional(),
  permanentAttempts: count.optional(),
  permanent: z.custom<RetrySchedule['permanent']>(isCallable, 'must be a function').optional(),
  maxRetryAfterMs: z.number().min(0).optional(),
});

/** How a worker works. Times are in milliseconds. */
export interface WorkOptions {
  /** Calls at once. @defaultValue 64 */
  readonly atOnce?: number;
  /** Calls of one target at once. @defaultValue 16 */
  readonly perTarget?: number;
  /**
   * Calls of one host and port at once; at most half of `limits.socketsPerHost`, so that deliveries leave connections
   * to the calls before appends.
   * @defaultValue 32
   */
  readonly perHost?: number;
  /** Events in memory for each reader. @defaultValue 256 */
  readonly window?: number;
  /** Bytes of events in memory for each reader. @defaultValue 32 MiB */
  readonly windowBytes?: number;
  /** Events in memory for each stream of a target. @defaultValue 32 */
  readonly depth?: number;
  /** Side readers at once: they read the events of targets that are behind. @defaultValue 4 */
  readonly readers?: number;
  /**
   * The most streams that wait for one target in one partition; beyond it, the worker reads no further events of the
   * partition for this target.
   * @defaultValue 256
   */
  readonly coldLanes?: number;
  /** How often progress is written. @defaultValue 250, with `eventDeliveryStore` 1 000 Milliseconds. */
  readonly commitMs?: number;
  /**
   * How long a worker without a beat keeps its partitions.
   * @defaultValue 10 000, with `eventDeliveryStore` 30 000 Milliseconds.
   */
  readonly leaseMs?: number;
  /** How long `stop()` waits for calls that are under way. @defaultValue 10 000 Milliseconds. */
  readonly drainMs?: number;
  /** Failures in a row until a target counts as down. @defaultValue 10 */
  readonly failures?: number;
  /** The longest time between two probes of a target that is down. @defaultValue 60 000 Milliseconds. */
  readonly probeMs?: number;
  /**
   * Events that are older than this when they are due become dead letters without a call.
   * @defaultValue off Milliseconds.
   */
  readonly expireMs?: number;
  /**
   * When a delivery is tried again; parts that are left out have their defaults. A target for which the function throws or
   * gives no schedule is suspended, with a reason that begins with `retry-invalid`, and the function is asked again every 10 s.
   * @defaultValue the schedule of {@link RetrySchedule}
   */
  readonly retry?: Partial<RetrySchedule> | ((target: RetryTarget) => Partial<RetrySchedule>);
}

export type ParsedWorkOptions = Omit<
  z.output<typeof schema>,
  'retry' | 'commitMs' | 'leaseMs' | 'perHost'
> & {
  readonly perHost: number;
  readonly commitMs: number;
  readonly leaseMs: number;
  /** The retry schedule of a target; the same object until the target changes. */
  readonly retryOf: (targetID: string, target: ActiveTarget) => RetrySchedule;
};

/** @throws {@link InvalidArgumentError} for an option that is unknown or out of range */
export function parseWorkOptions(
  options: WorkOptions,
  timing: { readonly commitMs: number; readonly leaseMs: number },
  socketsPerHost: number,
): ParsedWorkOptions {
  const parsed = parseInput(schema, options, 'the options of work()');
  const mostPerHost = Math.max(1, Math.floor(socketsPerHost / 2));
  if (parsed.perHost !== undefined && parsed.perHost > mostPerHost)
    throw new InvalidArgumentError(
      `perHost is ${parsed.perHost}; give at most ${mostPerHost}, half of limits.socketsPerHost, so that deliveries leave connections ` +
        'to the calls before appends; nothing was started',
    );
  const { retry: given = {} } = parsed;
  if (typeof given === 'function') requireFunction(given, 'retry');
  const retry = given as NonNullable<WorkOptions['retry']>;
  const whole = (part: unknown): RetrySchedule => {
    const given = parseInput(retrySchema, part, 'retry');
    return {
      ...defaultRetry,
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    };
  };
  const same = typeof retry === 'function' ? undefined : whole(retry);
  const schedules = new WeakMap<ActiveTarget, RetrySchedule>();
  return {
    ...parsed,
    commitMs: parsed.commitMs ?? timing.commitMs,
    leaseMs: parsed.leaseMs ?? timing.leaseMs,
    perHost: Math.min(parsed.perHost ?? 32, mostPerHost),
    retryOf(targetID, target) {
      if (same || typeof retry !== 'function') return same ?? defaultRetry;
      let schedule = schedules.get(target);
      if (!schedule) {
        const { name, endpoint } = target;
        schedules.set(target, (schedule = whole(retry({ targetID, name, endpoint }))));
      }
      return schedule;
    },
  };
}
