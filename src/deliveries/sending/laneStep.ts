import { lettersReplay, type Lane } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import { createMakeAttempt } from './attempt.js';
import type { WorkerContext } from '../context/context.js';
import type { TargetFlow } from '../context/targetFlow.js';
import type { Lanes } from './lanes.js';
import { prepare } from './prepare.js';
import { createRefill } from './refill.js';
import { createSettle } from './settle.js';

/**
 * One step of a lane: reads its head where that is not in memory, calls the target, and settles. Rejects where a read
 * fails.
 */
type StepLane = (flow: TargetFlow, partition: Partition, lane: Lane, isProbe: boolean) => Promise<void>;

/** Whether no reader adds events to the lane. */
const isWithoutReader = ({ replay, unit }: Lane): boolean => replay === lettersReplay || unit !== '';

/** Checked after each wait: the lane may have been closed or moved meanwhile. */
const isRunning = ({ isOpen, phase }: Lane): boolean => isOpen && phase === 'running';

export function createLaneStep(context: WorkerContext, lanes: Lanes): StepLane {
  const { clock } = context.access;
  const refill = createRefill(context);
  const makeAttempt = createMakeAttempt(context.access);
  const settle = createSettle(context, lanes);

  return async (flow, partition, lane, isProbe) => {
    // A probe before the lane is due does not count as an attempt, so that an outage costs no attempts.
    const isCounted = !isProbe || (lane.attempts > 0 && lane.dueAt <= clock.elapsed());
    while (lane.first === undefined) {
      const refilled = await refill(partition, lane);
      if (!lane.isOpen) return;
      if (refilled === 'gone') settle.drop(partition, lane, 'event-gone');
      // Read again where a reader has skipped events since this read.
      else if (refilled === 'end' && (isWithoutReader(lane) || lane.skippedTo === undefined))
        settle.end(partition, lane);
      if (!isRunning(lane)) return;
    }
    const prepared = prepare(context, partition, lane, isCounted);
    if (prepared.kind === 'park') settle.park(partition, lane, prepared.reason);
    else if (prepared.kind === 'drop') settle.drop(partition, lane, 'not-matched');
    else if (prepared.kind === 'ours') settle.suspend(partition, lane, { flow, reason: prepared.reason });
    else {
      const { attempt } = prepared;
      const { outcome, durationMs } = await makeAttempt(attempt);
      if (lane.isOpen) settle.outcome(partition, lane, { attempt, outcome, durationMs, flow, isCounted });
    }
  };
}
