import { call } from '../../call.js';
import type { Rows } from '../../row.js';
import { signal, type Made } from './made.js';

/** Durable delivery. */
export function deliveriesRows({ deliveries, worker, unused, durableID }: Made): Rows {
  const work = {
    atOnce: 1,
    perTarget: 1,
    perHost: 1,
    window: 1,
    windowBytes: 2_048,
    depth: 1,
    readers: 1,
    coldLanes: 1,
    commitMs: 10,
    leaseMs: 30_000,
    drainMs: 0,
    failures: 1,
    probeMs: 10,
    expireMs: 1_000,
    retry: {
      attempts: 1,
      firstDelayMs: 1,
      factor: 1,
      maxDelayMs: 1,
      jitter: 0,
      permanentAttempts: 1,
      permanent: () => false,
      maxRetryAfterMs: 1,
    },
    untilIdle: true,
  };
  return {
    'deliveries.work': call(deliveries.work, [work], { lenient: [[0, 'retry']] }),
    'worker.health': call(worker.health, []),
    'worker.whenIdle': call(worker.whenIdle, [{ signal }]),
    'deliveries.status': call(deliveries.status, []),
    'deliveries.list': call(deliveries.list, [
      { targetID: durableID, stream: 'order-1', state: 'waiting', limit: 1, after: 'waiting a' },
    ]),
    'deliveries.show': call(deliveries.show, ['a']),
    'deliveries.replay': call(deliveries.replay, [{ ids: ['a'] }]),
    'deliveries.replay of a target': call(deliveries.replay, [{ targetID: durableID, reason: 'status' }]),
    'deliveries.replay of a period': call(deliveries.replay, [{ targetID: durableID, from: 0n, to: 5n }]),
    'deliveries.discard': call(deliveries.discard, [{ ids: ['a'] }]),
    'deliveries.discard of a target': call(deliveries.discard, [{ targetID: durableID, reason: 'status' }]),
    'deliveries.resetTo': call(unused.resetTo, [0n]),
  };
}
