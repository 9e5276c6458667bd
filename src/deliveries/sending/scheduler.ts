import { runReporting } from '../../lib/ignoredError.js';
import type { Lane } from '../progress/lane.js';
import type { WorkerContext } from '../context/context.js';
import type { Lanes } from './lanes.js';
import { createLaneStep } from './laneStep.js';
import type { TargetFlow } from '../context/targetFlow.js';
import { shownText } from '../../lib/shown/shownText.js';

/** Starts lanes, within the limits of calls at once: in all, for one target, and for one host. */
export interface Scheduler {
  /** Starts the lanes that may start. */
  pump(): void;
  /** Calls and reads of lanes under way. */
  readonly running: number;
  /** Lanes that wait for a place. */
  readonly waiting: number;
}

/** The delay before a lane is tried again whose read failed, or whose probe is not due. Milliseconds. */
const againMs = 1_000;

export function createScheduler(context: WorkerContext, lanes: Lanes): Scheduler {
  const { access, flows, options, partitions } = context;
  const { clock } = access;
  const stepLane = createLaneStep(context, lanes);
  const hosts = new Map<string, number>();
  let running = 0;
  let isPumping = false;

  /** Pumps again after a delay: when a pause, a probe or a suspension ends. */
  function lookAgain(flow: TargetFlow, delayMs: number): void {
    if (flow.cancelTimer) return;
    flow.cancelTimer = clock.after(Math.max(1, delayMs), () => {
      flow.cancelTimer = undefined;
      scheduler.pump();
    });
  }

  function isStartable(lane: Lane): boolean {
    const partition = partitions.get(lane.partition);
    return (
      partition !== undefined && !partition.isLeaving && !partition.isStalled && context.mayCall(partition)
    );
  }

  const startable = (some: Iterable<Lane>): Lane | undefined => {
    for (const lane of some) if (isStartable(lane)) return lane;
    return undefined;
  };

  function* those(some: Iterable<Lane>, isMeant: (lane: Lane) => boolean): Iterable<Lane> {
    for (const lane of some) if (isMeant(lane)) yield lane;
  }

  /**
   * The lane whose event probes whether the target is up again. A lane that has failed before goes first, so that an
   * outage costs other lanes no attempt; a probed lane goes to the end, so that the lanes take turns.
   */
  const probeOf = ({ ready, cold }: TargetFlow): Lane | undefined =>
    startable(those(ready, ({ attempts }) => attempts > 0)) ??
    startable(those(cold, ({ isTargetFault }) => isTargetFault)) ??
    startable(cold) ??
    startable(ready);

  /** The lane of a flow that may go now, and whether that is a probe. */
  function nextOf(flow: TargetFlow): { readonly lane: Lane; readonly isProbe: boolean } | undefined {
    const { target, circuit, suspended, pausedUntil } = flow;
    if (flow.ready.size === 0 && !circuit.isDown && !suspended) return undefined;
    // Events of a removed target are dropped without a call.
    const isPaused = target?.paused === true;
    if (isPaused || flow.running >= Math.min(options.perTarget, circuit.atOnce)) return undefined;
    if ((hosts.get(flow.host) ?? 0) >= options.perHost) return undefined;
    const now = clock.elapsed();
    const waitUntil = Math.max(pausedUntil, suspended?.retryAt ?? 0, circuit.isDown ? circuit.probeAt : 0);
    if (target && now < waitUntil) {
      lookAgain(flow, waitUntil - now);
      return undefined;
    }
    if (target && (circuit.isDown || suspended)) {
      if (flow.running > 0) return undefined;
      const lane = probeOf(flow);
      return lane && { lane, isProbe: true };
    }
    const lane = startable(flow.ready);
    return lane && { lane, isProbe: false };
  }

  function start(flow: TargetFlow, lane: Lane, isProbe: boolean): void {
    const partition = partitions.get(lane.partition);
    if (!partition) return;
    const { host } = flow;
    lanes.setPhase(lane, 'running');
    running++;
    flow.running++;
    partition.running++;
    hosts.set(host, (hosts.get(host) ?? 0) + 1);
    const ended = (): void => {
      running--;
      flow.running--;
      flow.ended++;
      partition.running--;
      const left = (hosts.get(host) ?? 1) - 1;
      if (left > 0) hosts.set(host, left);
      else hosts.delete(host);
      scheduler.pump();
    };
    const failed = (error: unknown): void => {
      // A read failed: the store cannot be reached, or the worker ends.
      context.fault(`reading ${shownText(lane.stream)}`, error);
      if (lane.isOpen) lanes.makeCold(partition, lane, againMs);
      ended();
    };
    const where = 'the end of a delivery';
    stepLane(flow, partition, lane, isProbe).then(
      () => {
        runReporting(where, ended);
      },
      (error: unknown) => {
        runReporting(where, () => {
          failed(error);
        });
      },
    );
  }

  const scheduler: Scheduler = {
    pump() {
      // A started lane may end at once and call this function.
      if (isPumping) return;
      isPumping = true;
      try {
        let hasStarted = true;
        while (hasStarted && running < options.atOnce) {
          hasStarted = false;
          for (const flow of flows.waiting()) {
            if (running >= options.atOnce) break;
            const next = nextOf(flow);
            if (!next) continue;
            start(flow, next.lane, next.isProbe);
            hasStarted = true;
          }
        }
      } finally {
        isPumping = false;
      }
    },
    get running() {
      return running;
    },
    get waiting() {
      let waiting = 0;
      for (const flow of flows.all()) waiting += flow.ready.size;
      return waiting;
    },
  };
  return scheduler;
}
