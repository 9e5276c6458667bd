import { isDurable } from '../../execution/eventRoute.js';
import { endpointOf } from '../../firing/calls/targetEndpoint.js';
import type { ActiveTarget } from '../../target/target.js';
import type { Circuit } from '../policy/circuit.js';
import type { Lane } from '../progress/lane.js';
import type { Stop } from '../store/deliveryStore.js';

/** The state of a target: whether it is up, and the lanes that wait for a place. */
export interface TargetFlow {
  readonly key: string;
  readonly instanceID: string;
  readonly targetID: string;
  /** The present definition; `undefined` where the target is removed, or no longer durable. */
  target: ActiveTarget | undefined;
  /** Scheme, host and port. */
  host: string;
  circuit: Circuit;
  /** The end of the pause that the target's `Retry-After` asked for, by the monotonic clock. */
  pausedUntil: number;
  /**
   * A failure on our side, such as a secret that does not open: no call is made and no attempt is counted until
   * `retryAt`.
   */
  suspended: { readonly reason: string; readonly retryAt: number } | undefined;
  /** Answers of 410 in a row. */
  goneAnswers: number;
  /** Lanes that may be called, the oldest first. */
  readonly ready: Set<Lane>;
  /** Lanes that wait until they are due. */
  readonly cold: Set<Lane>;
  running: number;
  /** How many steps of its lanes have ended. */
  ended: number;
  isProbing: boolean;
  /**
   * Whether the target is too slow for the events it holds in the readers' windows: while half of a window is taken,
   * its lanes hold no further events.
   */
  isSpilling: boolean;
  delivered: number;
  dropped: number;
  cancelTimer: (() => void) | undefined;
  /** Open lanes, by partition. */
  readonly lanes: Map<number, number>;
}

export function newFlow(instanceID: string, targetID: string, circuit: Circuit): TargetFlow {
  return {
    key: `${instanceID} ${targetID}`,
    instanceID,
    targetID,
    target: undefined,
    host: '',
    circuit,
    pausedUntil: 0,
    suspended: undefined,
    goneAnswers: 0,
    ready: new Set(),
    cold: new Set(),
    running: 0,
    ended: 0,
    isProbing: false,
    isSpilling: false,
    delivered: 0,
    dropped: 0,
    cancelTimer: undefined,
    lanes: new Map(),
  };
}

/** Sets the present definition. A change may mend the cause of failures, so the target is tried at once. */
export function define(flow: TargetFlow, target: ActiveTarget | undefined): void {
  const durable = target && isDurable(target) ? target : undefined;
  if (durable === flow.target) return;
  const wasPaused = flow.target?.paused === true;
  flow.target = durable;
  flow.suspended = undefined;
  if (wasPaused && durable?.paused !== true) {
    flow.pausedUntil = 0;
    flow.goneAnswers = 0;
  }
  const endpoint = durable && endpointOf(durable);
  flow.host = endpoint && 'origin' in endpoint ? endpoint.origin : '';
}

/** Why the cursors of a target stop in every partition. */
export function stopOf({ target, suspended, circuit }: TargetFlow): {
  readonly stop: Stop;
  readonly reason: string;
} {
  if (!target) return { stop: '', reason: '' };
  if (target.paused) return { stop: 'paused', reason: '' };
  if (suspended) return { stop: 'suspended', reason: suspended.reason };
  if (circuit.isDown) return { stop: 'down', reason: '' };
  return { stop: '', reason: '' };
}
