import type { Limits } from '../../limits.js';
import type { Clock, HttpAnswer } from '../../ports.js';
import type { ActiveTarget } from '../../target/target.js';
import type { CallTarget, FailedCall } from '../calls/callTarget.js';
import { parseEndpoint } from '../../network/endpoint.js';
import { onAbort } from '../../lib/onAbort.js';
import { createLanes } from './lanes.js';
import type { Slots } from './slots.js';
import type { Turn } from '../calls/operation.js';

export interface FairnessOptions {
  readonly callTarget: CallTarget;
  readonly clock: Clock;
  readonly limits: Pick<Limits, 'callsPerTarget' | 'callsPerHost' | 'callQueue'>;
}

/** Keeps one slow target, or one slow host, from taking all there is. */
export interface Fairness {
  /** The same, after a turn of its target and then one of its host. The wait counts against `timeoutMs`. */
  readonly callTarget: CallTarget;
  /** Calls that wait for their turn. */
  readonly waiting: number;
}

interface LaneKeys {
  readonly target: string;
  /** Scheme, host and port: all its targets share them, whatever instance they are of. */
  readonly host: string;
}

const timedOut: FailedCall = {
  reason: 'timeout',
  message: 'its time was up before it was its turn: too many calls of it, or of its host, were under way',
};

const atOnce = () => undefined;

export function createFairness({ callTarget, clock, limits }: FairnessOptions): Fairness {
  const { callsPerTarget, callsPerHost, callQueue } = limits;
  const targetLane = createLanes(callsPerTarget);
  const hostLane = createLanes(callsPerHost);
  const laneKeys = new WeakMap<ActiveTarget, LaneKeys>();
  const queueFull: FailedCall = {
    reason: 'queue-full',
    message: `${callQueue} calls of it, or of its host, wait already: raise limits.callQueue, or make it answer faster`,
  };
  let waiting = 0;

  function laneKeysOf({ operation, resolved }: Turn): LaneKeys {
    const { target, targetID } = resolved;
    let found = laneKeys.get(target);
    if (!found) {
      const endpoint = parseEndpoint(target.endpoint);
      const host = 'origin' in endpoint ? endpoint.origin : '';
      laneKeys.set(target, (found = { target: `${operation.instanceID} ${targetID}`, host }));
    }
    return found;
  }

  /** Resolves when it is its turn; with a failure where it will not be. */
  function turnIn(
    lane: Slots,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<FailedCall | undefined> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      waiting++;
      const settle = (): void => {
        waiting--;
        cancelTimer();
        stopListening();
      };
      const abort = () => {
        leave();
        settle();
        reject(signal?.reason as Error);
      };
      const stopListening = onAbort(signal, abort);
      const cancelTimer = clock.after(timeoutMs, () => {
        leave();
        settle();
        resolve(timedOut);
      });
      const leave = lane.take(() => {
        settle();
        resolve(undefined);
      });
    });
  }

  async function inLane(
    lane: Slots,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    call: (leftMs: number) => Promise<HttpAnswer | FailedCall>,
  ): Promise<HttpAnswer | FailedCall> {
    const startedAt = clock.elapsed();
    if (lane.isFree) lane.take(atOnce);
    else {
      if (lane.waiting >= callQueue) return queueFull;
      const failure = await turnIn(lane, timeoutMs, signal);
      if (failure) return failure;
    }
    try {
      const leftMs = timeoutMs - (clock.elapsed() - startedAt);
      return leftMs > 0 ? await call(leftMs) : timedOut;
    } finally {
      lane.release();
    }
  }

  function callInTurn(turn: Turn, keys: LaneKeys, timeoutMs: number, signal: AbortSignal | undefined) {
    return inLane(targetLane(keys.target), timeoutMs, signal, (left) =>
      inLane(hostLane(keys.host), left, signal, (leftMs) => callTarget(turn, leftMs, signal)),
    );
  }

  return {
    callTarget(turn, timeoutMs, signal) {
      const keys = laneKeysOf(turn);
      const lane = targetLane(keys.target);
      const host = lane.isFree ? hostLane(keys.host) : undefined;
      if (!host?.isFree) return callInTurn(turn, keys, timeoutMs, signal);
      // The usual way: nobody waits, so nothing is added but the two places.
      lane.take(atOnce);
      host.take(atOnce);
      const running = callTarget(turn, timeoutMs, signal);
      const release = () => {
        host.release();
        lane.release();
      };
      running.then(release, release);
      return running;
    },
    get waiting() {
      return waiting;
    },
  };
}
