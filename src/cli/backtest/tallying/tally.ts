import type { RecordedEvent } from '../../../index.js';
import { createBoundedRows } from './boundedRows.js';
import { createExamples, shortNames, type Example } from './examples.js';
import {
  callVerdicts,
  eventOutcomes,
  type CallVerdict,
  type EventOutcome,
  type JudgedCall,
  type JudgedEvent,
} from './judgedEvent.js';
import { createLatencies, type Latencies } from './latencies.js';
import type { Tallied } from './backtestReport.js';
import { shortened } from '../../../lib/shown/shortened.js';
import { createTimeBuckets } from './timeBuckets.js';

/** Counts during the run, in limited memory for any number of events. */
export interface Tally {
  read(): void;
  chosen(event: RecordedEvent): void;
  /** Counts an event that would call no target. */
  notCalled(event: RecordedEvent): void;
  /** Counts an event that cannot be rehearsed. */
  skipped(event: RecordedEvent, message: string): void;
  cutOff(): void;
  judged(event: RecordedEvent, judged: JudgedEvent): void;
  result(): Tallied;
}

const bounds = { types: 500, targets: 200, executions: 200, buckets: 120 } as const;
const longestName = 200;

const zeros = <Key extends string>(keys: readonly Key[]) =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;

const newTarget = () => ({
  name: '',
  calls: 0,
  observed: 0,
  verdicts: zeros(callVerdicts),
  latencies: undefined as Latencies | undefined,
});

function exampleOf(event: RecordedEvent, call?: JudgedCall): Example {
  const { targetID, name, enforced, status, reason, message, changed } = call ?? {};
  return {
    stream: shortened(event.stream, longestName),
    version: String(event.version),
    position: String(event.position),
    type: shortened(event.type, longestName),
    created: event.created.toISOString(),
    ...(targetID !== undefined && { target: { id: targetID, name: name ?? '' }, enforced }),
    ...(status !== undefined && { status }),
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message: shortened(message, longestName) }),
    ...(changed && { changed: shortNames(changed) }),
  };
}

/** @param mostExamples - the most examples of each verdict */
export function createTally(mostExamples: number): Tally {
  const events = { read: 0, chosen: 0, notCalled: 0, skipped: 0, cutOff: 0, ...zeros(eventOutcomes) };
  const calls = { total: 0, observed: 0, ...zeros(callVerdicts) };
  const types = createBoundedRows(bounds.types, () => ({ chosen: 0, notCalled: 0, ...zeros(eventOutcomes) }));
  const targets = createBoundedRows(bounds.targets, newTarget);
  const executions = createBoundedRows(bounds.executions, () => ({ events: 0 }));
  const failures = new Map<string, number>();
  const overTime = createTimeBuckets<EventOutcome>(eventOutcomes, bounds.buckets);
  const latencies = createLatencies(3);
  const examples = {
    refused: createExamples(mostExamples),
    amended: createExamples(mostExamples),
    failed: createExamples(mostExamples),
    skipped: createExamples(mostExamples),
  };
  const rowOf = ({ type }: RecordedEvent) => types.of(shortened(type, longestName));

  function addCall(event: RecordedEvent, call: JudgedCall): void {
    const { verdict, enforced, durationMs, reason } = call;
    const row = targets.of(call.targetID);
    row.name = call.name;
    for (const each of [calls, row.verdicts] as readonly Record<CallVerdict, number>[]) each[verdict] += 1;
    calls.total += 1;
    row.calls += 1;
    if (!enforced) {
      calls.observed += 1;
      row.observed += 1;
    }
    if (durationMs !== undefined) {
      latencies.add(durationMs);
      (row.latencies ??= createLatencies(2)).add(durationMs);
    }
    if (verdict === 'failed') {
      const why = reason ?? 'unknown';
      failures.set(why, (failures.get(why) ?? 0) + 1);
    }
    if (verdict !== 'planned' && verdict !== 'passed')
      examples[verdict].add(event.position, () => exampleOf(event, call));
  }

  return {
    read: () => void (events.read += 1),
    chosen(event) {
      events.chosen += 1;
      rowOf(event).chosen += 1;
    },
    notCalled(event) {
      events.notCalled += 1;
      rowOf(event).notCalled += 1;
    },
    skipped(event, message) {
      events.skipped += 1;
      examples.skipped.add(event.position, () => ({
        ...exampleOf(event),
        message: shortened(message, longestName),
      }));
    },
    cutOff: () => void (events.cutOff += 1),
    judged(event, { executionID, outcome, calls: made }) {
      events[outcome] += 1;
      rowOf(event)[outcome] += 1;
      if (executionID !== undefined) executions.of(executionID).events += 1;
      overTime.add(event.created.getTime(), outcome);
      for (const call of made) addCall(event, call);
    },
    result: () => ({
      events: { ...events, matched: events.chosen - events.notCalled - events.skipped },
      calls: { ...calls },
      types: types
        .all()
        .map(([type, row]) => ({ type, ...row }))
        .sort((one, other) => other.chosen - one.chosen),
      targets: targets
        .all()
        .map(([id, { name, calls: made, observed, verdicts, latencies: answered }]) => {
          const { p50, p99 } = answered?.result() ?? {};
          const row = { calls: made, observed, ...verdicts, p50, p99 };
          return id === undefined ? row : { id, name, ...row };
        })
        .sort((one, other) => other.calls - one.calls),
      executions: executions
        .all()
        .map(([id, row]) => ({ id, ...row }))
        .sort((one, other) => other.events - one.events),
      failures: [...failures]
        .map(([reason, count]) => ({ reason, calls: count }))
        .sort((one, other) => other.calls - one.calls),
      overTime: {
        bucketMs: overTime.width,
        buckets: overTime
          .all()
          .map(({ from, counts }) => ({ from: new Date(from).toISOString(), ...counts })),
      },
      latency: latencies.result(),
      examples: {
        refused: examples.refused.all(),
        amended: examples.amended.all(),
        failed: examples.failed.all(),
        skipped: examples.skipped.all(),
      },
    }),
  };
}
