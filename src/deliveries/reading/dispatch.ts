import type { RecordedEvent } from '../../ports.js';
import type { ResolvedTarget } from '../../execution/resolve.js';
import { eventDeadLetterID } from '../policy/deliveryID.js';
import type { Cursor } from '../progress/cursor.js';
import type { Holder, Lane } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import type { WorkerContext } from '../context/context.js';
import type { Lanes } from '../sending/lanes.js';
import type { NamedEvent } from '../context/naming.js';
import { isEligible } from '../context/eligibility.js';
import { stopOf, type TargetFlow } from '../context/targetFlow.js';

/** Puts events that a reader passes into the lanes of their targets, in one synchronous step each. */
export interface Dispatch {
  /** For every target whose cursor is where its partition is. */
  main(partition: Partition, event: RecordedEvent): void;
  /** For the one target that a side reader brings forward. `false` where it has to stop before this event. */
  side(partition: Partition, cursor: Cursor, event: RecordedEvent, holder: Holder): boolean;
}

/** Lanes of all targets of a partition together. */
const mostLanes = 4_000;

export function createDispatch(context: WorkerContext, lanes: Lanes, pump: () => void): Dispatch {
  const { flows, naming, options, mainWindow, access } = context;

  /** A dead letter without a target: what the user's functions say of the event is not known. */
  function parkNameless(partition: Partition, event: RecordedEvent, error: unknown): void {
    const now = access.clock.now();
    const reason = `caller or eventName threw: ${error instanceof Error ? error.name : 'unknown'}`;
    partition.park(
      {
        ...{
          id: eventDeadLetterID(event),
          partition: partition.number,
          instanceID: access.defaultInstanceID,
        },
        ...{ targetID: '', stream: event.stream, version: event.version, position: event.position },
        ...{ eventID: event.id, eventType: event.type, attempts: 0, firstAt: now, parkedAt: now, status: 0 },
        ...{ reason, blocks: false, isReplaying: false },
      },
      () => undefined,
    );
  }

  function isCrowded(partition: Partition, flow: TargetFlow): boolean {
    return (flow.lanes.get(partition.number) ?? 0) >= options.coldLanes || partition.lanes.size >= mostLanes;
  }

  /** @returns `false` where the target has too many lanes, and is not read on */
  function put(
    partition: Partition,
    flow: TargetFlow,
    event: RecordedEvent,
    how: { replay: string; holder: Holder },
  ): boolean {
    const { instanceID, targetID } = flow;
    const { version } = event;
    const unit = flow.target?.order === 'none' ? String(version) : '';
    const key = { instanceID, targetID, stream: event.stream, replay: how.replay, unit };
    const lane = partition.lane(key);
    if (lane) {
      if (unit === '') append(partition, lane, event, how.holder);
      return true;
    }
    if (isCrowded(partition, flow)) return false;
    const opened = lanes.open(partition, key, version);
    if (flow.isSpilling) {
      opened.eventID = event.id;
      opened.eventType = event.type;
      opened.created = event.created.getTime();
      opened.skip(version);
    } else opened.queue(event, how.holder);
    return true;
  }

  function append(partition: Partition, lane: Lane, event: RecordedEvent, holder: Holder): void {
    const { version } = event;
    if (version < lane.head || (version === lane.head && lane.isDone)) {
      // Reading went back to before what the lane holds.
      if (lane.phase === 'running' || lane.phase === 'parking') {
        if (lane.rewindTo === undefined || version < lane.rewindTo) lane.rewindTo = version;
      } else {
        lane.rewind(version);
        partition.touch(lane);
        if (lane.phase !== 'blocked') lanes.makeReady(lane);
      }
      return;
    }
    if (version <= lane.last && (lane.queued > 0 || !lane.isDone)) return;
    const isFull = lane.queued >= options.depth || lane.phase === 'cold' || lane.phase === 'blocked';
    if (isFull || lane.skippedTo !== undefined || lane.queued === 0) lane.skip(version);
    else lane.queue(event, holder);
  }

  /** Lets the cursor of a target stand before this event. */
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
        // The main reader made a dead letter of it.
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
