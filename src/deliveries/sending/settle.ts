import { afterSuccess } from '../policy/circuit.js';
import { deliveryID } from '../policy/deliveryID.js';
import { isExhausted, type RetrySchedule } from '../policy/retry.js';
import { lettersReplay, type Lane } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import type { DeliveryReport } from '../context/deliveryReport.js';
import { reportPlace, type WorkerContext } from '../context/context.js';
import type { Lanes } from './lanes.js';
import { createJudge, type Settled } from './judge.js';
import { createPassing } from './passing.js';
import { stopOf, type TargetFlow } from '../context/targetFlow.js';
import { shownText } from '../../lib/shown/shownText.js';

/** Moves a lane on after a step. */
interface Settle {
  outcome(partition: Partition, lane: Lane, settled: Settled): void;
  /** Suspends the target after a failure on our side: nothing was sent, and no attempt is counted. */
  suspend(partition: Partition, lane: Lane, why: SuspendReason): void;
  /** Makes a dead letter of the event at the head, without a call. */
  park(partition: Partition, lane: Lane, reason: string): void;
  /** Drops the event at the head: it no longer matches, or is no longer in the stream. */
  drop(partition: Partition, lane: Lane, reason: 'not-matched' | 'event-gone'): void;
  /** Closes a lane without further events. */
  end(partition: Partition, lane: Lane): void;
}

interface SuspendReason {
  readonly flow: TargetFlow;
  readonly reason: string;
}

/** The delay after a failure on our side. Milliseconds. */
const suspendedMs = 10_000;

/** The report by the lane alone: the event may be gone from the store. */
const droppedReport = (lane: Lane, reason: string): DeliveryReport => ({
  outcome: 'dropped',
  deliveryID: lane.first ? deliveryID(lane, lane.first) : (lane.letters[0]?.id ?? ''),
  instanceID: lane.instanceID,
  targetID: lane.targetID,
  executionID: '',
  stream: lane.stream,
  version: lane.head,
  eventID: lane.eventID,
  eventType: lane.eventType,
  attempt: lane.attempts,
  durationMs: 0,
  reason,
});

export function createSettle(context: WorkerContext, lanes: Lanes): Settle {
  const { access, flows, options } = context;
  const { clock } = access;
  const passing = createPassing(context, lanes);
  const judge = createJudge(context);

  function retryAfter(partition: Partition, lane: Lane, delayMs: number): void {
    if (passing.rewind(partition, lane)) return;
    lane.nextAt = Math.round(clock.now() + delayMs);
    lanes.makeCold(partition, lane, delayMs);
  }

  /** Whether a status is the event's fault. Where the user's function throws, it is the target's. */
  function isPermanent({ permanent }: RetrySchedule, { targetID }: Lane, status: number): boolean {
    try {
      return status > 0 && permanent(status);
    } catch (error) {
      context.fault(`permanent(${status}) of the retry schedule of ${shownText(targetID)}`, error);
      return false;
    }
  }

  function failed(partition: Partition, lane: Lane, settled: Settled): void {
    const { attempt, outcome, durationMs, isCounted } = settled;
    if (outcome.kind !== 'failed') return;
    const { status, reason } = outcome;
    const { event, deliveryID: id, resolved } = attempt;
    const { executionID } = resolved;
    const retry = options.retryOf(lane.targetID, resolved.target);
    const isEventFault = isPermanent(retry, lane, status);
    if (isCounted) {
      lane.attempts++;
      if (isEventFault) lane.faults++;
    }
    if (lane.firstAt === 0) lane.firstAt = clock.now();
    Object.assign(lane, { status, reason, isTargetFault: !isEventFault });
    const delayMs = judge(lane, settled, isEventFault);
    const place = { instanceID: lane.instanceID, targetID: lane.targetID, attempt: lane.attempts };
    partition.noteFailure({ ...place, deliveryID: id, at: clock.now(), durationMs, status, reason });
    if (isCounted && isExhausted(retry, lane.attempts, lane.faults)) {
      passing.park(partition, lane, { reason, executionID, durationMs });
      return;
    }
    // A probe before the lane is due does not change its schedule.
    const waitMs = isCounted ? delayMs : Math.max(1, lane.dueAt - clock.elapsed());
    context.tell({
      outcome: 'failed',
      deliveryID: id,
      ...reportPlace(lane, event),
      executionID,
      attempt: lane.attempts,
      durationMs,
      reason,
      ...(status > 0 && { status }),
      nextAttemptAt: new Date(clock.now() + waitMs),
    });
    retryAfter(partition, lane, waitMs);
  }

  function suspend(partition: Partition, lane: Lane, { flow, reason }: SuspendReason): void {
    flow.suspended = { reason, retryAt: clock.elapsed() + suspendedMs };
    Object.assign(lane, { reason, isTargetFault: true });
    flows.applyStop(flow);
    retryAfter(partition, lane, suspendedMs);
  }

  function delivered(partition: Partition, lane: Lane, status: number, settled: Settled): void {
    const { attempt, durationMs, flow } = settled;
    const before = stopOf(flow).stop;
    const wasDown = flow.circuit.isDown;
    flow.circuit = afterSuccess(flow.circuit, options);
    flow.goneAnswers = 0;
    flow.suspended = undefined;
    flow.delivered++;
    const { event, deliveryID: id, resolved } = attempt;
    const report: DeliveryReport = {
      outcome: 'delivered',
      deliveryID: id,
      executionID: resolved.executionID,
      attempt: lane.attempts + 1,
      durationMs,
      status,
      ...reportPlace(lane, event),
    };
    context.tell(report, event.created.getTime());
    passing.advance(partition, lane);
    if (wasDown || before === 'suspended') lanes.thaw(flow);
    if (before !== '' && flows.applyStop(flow)) context.readOn();
  }

  return {
    outcome(partition, lane, settled) {
      const { outcome, durationMs, attempt, flow } = settled;
      const { executionID } = attempt.resolved;
      if (outcome.kind === 'delivered') delivered(partition, lane, outcome.status, settled);
      else if (outcome.kind === 'failed') failed(partition, lane, settled);
      else if (outcome.kind === 'unsendable')
        passing.park(partition, lane, { reason: outcome.reason, executionID, durationMs });
      else if (outcome.kind === 'ours') suspend(partition, lane, { flow, reason: outcome.reason });
      else retryAfter(partition, lane, 1);
    },
    suspend,
    park(partition, lane, reason) {
      passing.park(partition, lane, { reason, executionID: '', durationMs: 0 });
    },
    drop(partition, lane, reason) {
      if (lane.first && lane.replay === lettersReplay && reason === 'not-matched') {
        // The target is removed: the dead letter stays as it is.
        passing.park(partition, lane, { reason: 'target-gone', executionID: '', durationMs: 0 });
        return;
      }
      flows.of(lane.instanceID, lane.targetID).dropped++;
      context.tell(droppedReport(lane, reason));
      passing.advance(partition, lane);
    },
    end(partition, lane) {
      if (!passing.rewind(partition, lane)) lanes.close(partition, lane);
    },
  };
}
