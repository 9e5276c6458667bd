import { z } from 'zod';
import { InvalidArgumentError } from '../../errors.js';
import { nothingRead, parseInput } from '../../lib/input.js';
import { onAbort } from '../../lib/onAbort.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireSignal } from '../../lib/reading/requireSignal.js';
import { reportedTime } from '../../lib/time/reportedTime.js';
import { assertOpen } from '../../lib/whileOpen.js';
import type { CallReport, Verdict } from './callReport.js';

/** Facts of a call that its report does not hold. */
export interface CallFacts {
  /** The content that the target was to be sent, as JSON. Bytes. Absent where it has no JSON. */
  readonly contentBytes?: number;
  /** The body of the answer. Bytes. Absent without an answer. */
  readonly answerBytes?: number;
  /** The trace of OpenTelemetry that the call belongs to. Absent without one. */
  readonly traceID?: string;
  /** The body that was sent, as JSON, cut at 4 kB. Absent unless `captureBodies` is set. */
  readonly sentBody?: string;
  /** The body of the answer, likewise. Absent unless `captureBodies` is set, and without an answer. */
  readonly answerBody?: string;
}

/** A call that was kept. Plain JSON; holds no signing key, no header value and no address. */
export interface KeptCall extends CallReport, CallFacts {
  /** Counts the calls of this process, from 1. */
  readonly number: number;
  /** When the verdict was known. RFC 3339. */
  readonly at: string;
}

/** A subscriber was too slow: it has missed this many calls at this point. */
export interface MissedCalls {
  /** How many. */
  readonly missed: number;
}

/** Which calls are listed; a call has to match every given field. */
export interface CallFilter {
  /** The id of the target. Absent: any. */
  readonly targetID?: string;
  /** The occurrence, such as `event/order.placed`. Absent: any. */
  readonly condition?: string;
  /** The outcome. Absent: any. */
  readonly verdict?: Verdict;
}

/** Which calls to list. */
export interface CallQuery extends CallFilter {
  /** Not before this time. Absent: all. */
  readonly since?: Date;
  /** 1 to 10 000. @defaultValue 100 */
  readonly limit?: number;
}

/** The latest calls of this process, in the instance of `runAs`. */
export interface Calls {
  /** The latest first. @throws {@link InvalidArgumentError} for a query that is not understood */
  list(query?: CallQuery): readonly KeptCall[];
  /**
   * Every call from the first `next` on, until `signal` aborts, the loop is left or the actions are closed. A slow
   * subscriber misses its oldest waiting calls and receives their number; no call waits for a subscriber.
   *
   * @throws {@link InvalidArgumentError} for a filter that is not understood, where calls are not kept, and from the first
   *   `next` where there are 100 subscribers; {@link ActionsClosedError}
   */
  subscribe(options?: CallFilter & { readonly signal?: AbortSignal }): AsyncIterable<KeptCall | MissedCalls>;
}

const filter = z.strictObject({
  targetID: z.string().max(200).optional(),
  condition: z.string().max(4_000).optional(),
  verdict: z.enum(['passed', 'amended', 'refused', 'failed']).optional(),
});
type Filter = z.output<typeof filter>;
const subscribeNames: OptionNames<CallFilter & { readonly signal?: AbortSignal }> = {
  targetID: true,
  condition: true,
  verdict: true,
  signal: true,
};
const query = filter.extend({
  since: z.date().optional(),
  limit: z.number().int().min(1).max(10_000).default(100),
});

/** The most calls that wait for one subscriber. */
const waitingCalls = 1_000;
const waitingBytes = 4_194_304;
const mostSubscribers = 100;

const passes = ({ report }: Kept, { targetID, condition, verdict }: Filter): boolean =>
  (targetID === undefined || targetID === report.targetID) &&
  (condition === undefined || condition === report.condition) &&
  (verdict === undefined || verdict === report.verdict);

/** The parts of a call. They are put together when the call is read, since most calls never are. */
interface Kept {
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly report: CallReport;
  readonly facts: CallFacts | undefined;
  readonly bytes: number;
}

const callOf = ({ number, at, report, facts }: Kept): KeptCall => ({
  number,
  at: new Date(at).toISOString(),
  ...report,
  ...facts,
});

/** The memory of a call without its texts of unbounded length. Bytes. */
const fixedBytes = 300;

const bytesOf = ({ condition, executionID, name, stream = '' }: CallReport, facts: CallFacts | undefined) =>
  fixedBytes +
  condition.length +
  executionID.length +
  name.length +
  stream.length +
  (facts?.sentBody?.length ?? 0) +
  (facts?.answerBody?.length ?? 0);

interface Subscriber {
  readonly instanceID: string;
  readonly filter: Filter;
  readonly waiting: Kept[];
  bytes: number;
  missed: number;
  wake: () => void;
}

interface CallLog {
  add(call: CallReport, facts: CallFacts | undefined): void;
  calls(instanceID: () => string): Calls;
  /** Ends all subscriptions. */
  close(): void;
}

function tell(subscriber: Subscriber, kept: Kept): void {
  subscriber.waiting.push(kept);
  subscriber.bytes += kept.bytes;
  while (subscriber.waiting.length > waitingCalls || subscriber.bytes > waitingBytes) {
    subscriber.bytes -= subscriber.waiting.shift()?.bytes ?? subscriber.bytes;
    subscriber.missed += 1;
  }
  subscriber.wake();
}

/**
 * Keeps the latest calls, bounded in count and bytes. A full log drops the oldest call of the instance that has the
 * most calls.
 */
export function createCallLog(
  limits: { readonly count: number; readonly bytes: number },
  now: () => number,
): CallLog {
  const instances = new Map<string, Kept[]>();
  const subscribers = new Set<Subscriber>();
  const held = { count: 0, bytes: 0 };
  let isClosed = false;
  let number = 0;

  function dropOldest(): void {
    let [fullest, most] = ['', [] as Kept[]];
    for (const [instanceID, calls] of instances)
      if (calls.length > most.length) [fullest, most] = [instanceID, calls];
    held.count -= 1;
    held.bytes -= most.shift()?.bytes ?? 0;
    if (most.length === 0) instances.delete(fullest);
  }

  async function* follow(instanceID: string, wanted: Filter, signal: AbortSignal | undefined) {
    // The log may be closed between the subscription and its first `next`.
    if (isClosed) return;
    if (subscribers.size >= mostSubscribers)
      throw new InvalidArgumentError(
        `${mostSubscribers} subscribers follow the calls already; end one of them, and subscribe again`,
      );
    const wake = () => undefined;
    const subscriber: Subscriber = { instanceID, filter: wanted, waiting: [], bytes: 0, missed: 0, wake };
    subscribers.add(subscriber);
    const stop = onAbort(signal, () => {
      subscriber.wake();
    });
    try {
      while (signal?.aborted !== true && subscribers.has(subscriber)) {
        const { missed } = subscriber;
        subscriber.missed = 0;
        if (missed > 0) yield { missed };
        const next = subscriber.waiting.shift();
        if (next) {
          subscriber.bytes -= next.bytes;
          yield callOf(next);
        } else
          await new Promise<void>((resolve) => {
            subscriber.wake = resolve;
          });
      }
    } finally {
      stop();
      subscribers.delete(subscriber);
    }
  }

  return {
    add(report, facts) {
      number += 1;
      const at = reportedTime(now) ?? 0;
      const kept = { number, at, report, facts, bytes: bytesOf(report, facts) };
      const calls = instances.get(report.instanceID);
      if (calls) calls.push(kept);
      else instances.set(report.instanceID, [kept]);
      held.count += 1;
      held.bytes += kept.bytes;
      while (held.count > limits.count || held.bytes > limits.bytes) dropOldest();
      for (const subscriber of subscribers)
        if (subscriber.instanceID === report.instanceID && passes(kept, subscriber.filter))
          tell(subscriber, kept);
    },
    calls: (instanceID) => ({
      list(given = {}) {
        const { limit, since, ...wanted } = parseInput(query, given, 'the query', nothingRead);
        const found: KeptCall[] = [];
        const kept = instances.get(instanceID()) ?? [];
        for (let place = kept.length - 1; place >= 0 && found.length < limit; place -= 1) {
          const each = kept[place] as Kept;
          if (passes(each, wanted) && (!since || each.at >= since.getTime())) found.push(callOf(each));
        }
        return found;
      },
      subscribe(options) {
        assertOpen(() => isClosed);
        const { signal, ...wanted } = readOptions(options, subscribeNames, 'calls.subscribe');
        requireSignal(signal);
        return follow(instanceID(), parseInput(filter, wanted, 'the filter', nothingRead), signal);
      },
    }),
    close() {
      isClosed = true;
      const ending = [...subscribers];
      subscribers.clear();
      for (const { wake } of ending) wake();
    },
  };
}

/** Calls that are not kept. */
export const noCalls: Calls = {
  list: () => [],
  subscribe() {
    throw new InvalidArgumentError('calls are not kept: createActions was given calls: { count: 0 }');
  },
};
