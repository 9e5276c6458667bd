import type { EventData, EventStore } from '../../src/index.js';
import { targetAdded } from '../support/recordedEvents.js';

export const ours = 200_000;
export const executions = 100_000;
export const targets = 20_000;
const foreign = 800_000;

export const nameOf = (n: number): string => `group${n % 1_000}.thing${n}`;

const metadata = { instanceID: 'default', schema: 1 };
const added = (n: number): EventData => ({
  type: 'target.added',
  data: targetAdded(`policy${n}`),
  metadata,
});

const listOf = (n: number) => [
  { type: 'target', target: `t${n % targets}` },
  { type: 'target', target: `t${(n * 7) % targets}` },
];

const executionSet = (n: number): EventData => ({
  type: 'execution.set',
  data: { targets: listOf(n) },
  metadata,
});

/** 20 000 targets, changed three times over; 100 000 executions, a fifth of them set twice: 200 000 events. */
function* ourAppends(): Iterable<readonly [stream: string, events: readonly EventData[]]> {
  const changes = [1, 2, 3].map((n): EventData => ({
    type: 'target.changed',
    data: { timeoutMs: n * 100 },
    metadata,
  }));
  for (let n = 0; n < targets; n++) yield [`actions.target-default.t${n}`, [added(n), ...changes]];
  for (let n = 0; n < executions; n++)
    yield [
      `actions.execution-default.event/${nameOf(n)}`,
      n % 5 === 0 ? [executionSet(n + 1), executionSet(n)] : [executionSet(n)],
    ];
}

/** The events of this library are spread among the others, one to four. */
export async function writeMillion(store: EventStore): Promise<void> {
  let [written, others] = [0, 0];
  let pending: Promise<unknown>[] = [];
  const order: EventData = { type: 'order.placed', data: { total: 12, currency: 'EUR' } };
  for (const [stream, events] of ourAppends()) {
    pending.push(store.append(stream, events));
    written += events.length;
    const due = (written / ours) * foreign;
    if (due - others >= 1_000) {
      pending.push(store.append(`order-${others}`, new Array<EventData>(1_000).fill(order)));
      others += 1_000;
    }
    if (pending.length >= 256) {
      await Promise.all(pending);
      pending = [];
    }
  }
  await Promise.all(pending);
  if (written !== ours) throw new Error(`${written} events of ours were written`);
  while (others < foreign) {
    await store.append(`order-${others}`, new Array<EventData>(1_000).fill(order));
    others += 1_000;
  }
}
