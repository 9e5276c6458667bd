import type { RecordedEvent } from '../../ports.js';
import type { ResolvedTarget } from '../../execution/resolve.js';
import { eventDeadLetterID } from '../policy/deliveryID.js';
import type { Cursor } from '../progress/cursor.js';
import type { Holder } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import { reportPlace, type WorkerContext } from '../context/context.js';
import type { Lanes } from '../sending/lanes.js';
import { createPut } from './put.js';
import { namingFailed, type NamedEvent } from '../context/naming.js';
import { isEligible } from '../context/eligibility.js';
import { stopOf, type TargetFlow } from '../context/targetFlow.js';

/** Puts the events of a reader into the lanes of their targets, each event in one synchronous step. */
export interface Dispatch {
  /** Puts an event of the main reader into the lane of each target whose cursor is at the position of the partition. */
  main(partition: Partition, event: RecordedEvent): void;
  /**
   * Puts an event of a side reader into the lane of its target. `false` where the reader has to stop before this event.
   */
  side(partition: Partition, cursor: Cursor, event: RecordedEvent, holder: Holder): boolean;
}

export function createDispatch(context: WorkerContext, lanes: Lanes, pump: () => void): Dispatch {
  const { flows, naming, mainWindow, access } = context;
  const put = createPut(context, lanes);

  /**
   * Makes a dead letter without a target, for `caller` or `eventName` threw: without their answers no target is known,
   * nor whether its order is strict. The stream goes on.
   */
  function parkNameless(partition: Partition, event: RecordedEvent, error: unknown): void {
    const now = access.clock.now();
    const reason = namingFailed(error);
    const id = eventDeadLetterID(event);
    const { defaultInstanceID: instanceID } = access;
    context.tell({
      outcome: 'parked',
      deliveryID: id,
      ...reportPlace({ instanceID, targetID: '' }, event),
      executionID: '',
      attempt: 0,
      durationMs: 0,
      reason,
    });
    partition.park(
      {
        id,
        partition: partition.number,
        instanceID,
        targetID: '',
        stream: event.stream,
        version: event.version,
        position: event.position,
        eventID: event.id,
        eventType: event.type,
        attempts: 0,
        firstAt: now,
        parkedAt: now,
        status: 0,
        reason,
        blocks: false,
        isReplaying: false,
      },
      () => undefined,
    );
  }

  /** Stops the cursor of a target before this event. */
  function detach(partition: Partition, flow: TargetFlow, stop: 'throttled' | ''): void {
    const { instanceID, targetID } = flow;
    const cursor = partition.cursorFor({ instanceID, targetID, replay: '' });
    cursor.position ??= partition.position;
    if (stop !== '') cursor.stop = stop;
    partition.touchCursor(cursor);
  }

  function mainFor(
    partition: Partition,
    event: RecordedEvent,
    named: NamedEvent,
    { targetID }: ResolvedTarget,
  ): void {
    const flow = flows.of(named.caller.instanceID, targetID);
    const { target, instanceID } = flow;
    if (!target) return;
    flows.begin(flow, partition);
    if (partition.cursor({ instanceID, targetID, replay: '' })?.position !== undefined) return;
    if (stopOf(flow).stop !== '') {
      flows.applyStopIn(flow, partition);
      return;
    }
    if (!isEligible(target, event.position, context.isSameStore)) return;
    if (!put(partition, flow, event, { replay: '', holder: mainWindow }))
      detach(partition, flow, 'throttled');
  }

  return {
    main(partition, event) {
      let named: NamedEvent;
      let matched: readonly ResolvedTarget[];
      try {
        named = naming.name(event);
        matched = naming.match(named);
      } catch (error) {
        parkNameless(partition, event, error);
        return;
      }
      if (matched.length === 0) return;
      for (const resolved of matched) mainFor(partition, event, named, resolved);
      pump();
    },
    side(partition, cursor, event, holder) {
      const flow = flows.of(cursor.instanceID, cursor.targetID);
      const { target } = flow;
      if (!target) return true;
      let isMatched: boolean;
      try {
        const named = naming.name(event);
        isMatched =
          named.caller.instanceID === cursor.instanceID &&
          naming.match(named).some(({ targetID }) => targetID === cursor.targetID);
      } catch {
        // The main reader has made a dead letter of the event.
        return true;
      }
      if (!isMatched) return true;
      if (cursor.replay === '' && !isEligible(target, event.position, context.isSameStore)) return true;
      if (!put(partition, flow, event, { replay: cursor.replay, holder })) {
        if (cursor.replay === '') detach(partition, flow, 'throttled');
        return false;
      }
      pump();
      return true;
    },
  };
}
