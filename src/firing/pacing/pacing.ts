import { counted } from '../../lib/shown/figures.js';
import type { Limits } from '../../limits.js';
import { onAbort } from '../../lib/onAbort.js';
import type { Clock, HttpAnswer } from '../../ports.js';
import type { CallTarget, FailedCall } from '../calls/callTarget.js';
import type { PlannedCall } from '../calls/operation.js';
import { endpointOf } from '../calls/targetEndpoint.js';
import type { Breakers } from './breakers.js';
import { FairQueue, type Claimant, type Tenancy } from './fairQueue.js';
import type { Place } from './queueShare.js';

interface PacingOptions {
  readonly clock: Clock;
  readonly limits: Pick<Limits, 'callsPerTarget' | 'callsPerHost' | 'callQueue' | 'socketsPerHost'>;
  readonly breakers?: Breakers | undefined;
}

/** Decides when a call is made, so that one slow target, host or instance does not take every place. */
export interface Pacing {
  /**
   * The same call, made once there is a place for its target at its host; the wait counts against `timeoutMs`. A target
   * whose circuit breaker is open is not called.
   */
  pace(callTarget: CallTarget): CallTarget;
  /** Calls that wait for a place. */
  readonly waiting: number;
}

type Outcome = HttpAnswer | FailedCall;

/** A place for a target in the queue of its host. */
interface Wanted {
  readonly queue: FairQueue;
  readonly claimant: Claimant;
}

const timedOut: FailedCall = {
  reason: 'timeout',
  message:
    'its timeout ended before it had a place: too many calls of the target, or to its host, were under way; raise limits.callsPerTarget or limits.callsPerHost, or make it answer faster',
  untried: true,
};

/**
 * One queue for each host. Its places are the connections to the host, and a target belongs to one host, so that a call
 * takes both its target's place and its host's place in one step.
 */
export function createPacing({ clock, limits, breakers }: PacingOptions): Pacing {
  const { callsPerTarget, callQueue } = limits;
  const hosts = new Map<string, FairQueue>();
  const tenancy: Tenancy = { isShared: false };
  const hostOptions = {
    atOnce: Math.min(limits.callsPerHost, limits.socketsPerHost),
    perTarget: callsPerTarget,
    queue: callQueue,
    tenancy,
  };
  const queueFull: FailedCall = {
    reason: 'queue-full',
    message: `the queue of its host is full, with ${counted(callQueue, 'call')}: raise limits.callQueue, or make it answer faster`,
    untried: true,
  };

  function queueOf(planned: PlannedCall): FairQueue {
    const endpoint = endpointOf(planned.resolved.target);
    const host = 'origin' in endpoint ? endpoint.origin : '';
    let queue = hosts.get(host);
    if (queue === undefined) {
      forgetIdle();
      hosts.set(host, (queue = new FairQueue(hostOptions)));
    }
    return queue;
  }

  /** Keep the queues of a bounded number of idle hosts, so that a host which is called again needs no new queue. */
  let forgetBeyond = 1_000;
  function forgetIdle(): void {
    if (hosts.size < forgetBeyond) return;
    for (const [host, queue] of hosts) if (queue.isIdle) hosts.delete(host);
    forgetBeyond = Math.max(1_000, 2 * hosts.size);
  }

  /** Resolves with a place, or with the reason why there is none. */
  function whenPlace(
    { queue, claimant }: Wanted,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Place | FailedCall> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const settle = () => {
        cancelTimer();
        stopListening();
      };
      const cancelTimer = clock.after(timeoutMs, () => {
        leave?.();
        settle();
        resolve(timedOut);
      });
      const stopListening = onAbort(signal, () => {
        leave?.();
        settle();
        reject(signal?.reason as Error);
      });
      const end = (place: Place | FailedCall) => {
        settle();
        resolve(place);
      };
      const leave = queue.wait(claimant, {
        bytes: 0,
        start: end,
        drop: () => {
          end(queueFull);
        },
      });
      if (leave === undefined) end(queueFull);
    });
  }

  return {
    pace(callTarget) {
      async function callLater(
        { queue, claimant }: Wanted,
        planned: PlannedCall,
        timeoutMs: number,
        signal: AbortSignal | undefined,
      ): Promise<Outcome> {
        const startedAt = clock.elapsed();
        const place = await whenPlace({ queue, claimant }, timeoutMs, signal);
        if ('reason' in place) return place;
        const settle = breakers?.admit(claimant.instanceID, planned.resolved);
        let outcome: Outcome | undefined;
        try {
          if (breakers && !settle) return breakers.circuitOpen;
          const leftMs = timeoutMs - (clock.elapsed() - startedAt);
          return (outcome = leftMs > 0 ? await callTarget(planned, leftMs, signal) : timedOut);
        } finally {
          settle?.(outcome);
          place.release();
        }
      }

      return (planned, timeoutMs, signal) => {
        const { operation, resolved } = planned;
        const claimant = { instanceID: operation.instanceID, targetID: resolved.targetID };
        if (breakers?.isOpen(claimant.instanceID, resolved)) return Promise.resolve(breakers.circuitOpen);
        const queue = queueOf(planned);
        const place = queue.tryTake(claimant);
        if (place === undefined) return callLater({ queue, claimant }, planned, timeoutMs, signal);
        // Fast path: there is a place; take it and return.
        const settle = breakers?.admit(claimant.instanceID, resolved);
        const running = callTarget(planned, timeoutMs, signal);
        const end = (outcome?: Outcome) => {
          settle?.(outcome);
          place.release();
        };
        running.then(end, () => {
          end();
        });
        return running;
      };
    },
    get waiting() {
      let waiting = 0;
      for (const queue of hosts.values()) waiting += queue.waiting;
      return waiting;
    },
  };
}
