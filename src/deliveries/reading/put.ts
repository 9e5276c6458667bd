import type { TargetFlow } from '../context/targetFlow.js';
import type { WorkerContext } from '../context/context.js';
import type { RecordedEvent } from '../../ports.js';
import type { Holder, Lane } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import type { Lanes } from '../sending/lanes.js';

/**
 * Puts an event into the lane of its stream, which it opens where there is none.
 *
 * @returns `false` where the target has too many lanes: its cursor then stops
 */
type Put = (
  partition: Partition,
  flow: TargetFlow,
  event: RecordedEvent,
  how: { readonly replay: string; readonly holder: Holder },
) => boolean;

interface Offered {
  readonly event: RecordedEvent;
  readonly holder: Holder;
}

const isHeldBack = (flow: TargetFlow, holder: Holder): boolean => flow.isSpilling && holder.isHalfFull;

/** The most lanes of all targets of a partition together. */
const mostLanes = 4_000;

export function createPut({ options }: WorkerContext, lanes: Lanes): Put {
  function isCrowded(partition: Partition, flow: TargetFlow): boolean {
    return (flow.lanes.get(partition.number) ?? 0) >= options.coldLanes || partition.lanes.size >= mostLanes;
  }

  function append(partition: Partition, flow: TargetFlow, lane: Lane, { event, holder }: Offered): void {
    const { version } = event;
    if (version < lane.head || (version === lane.head && lane.isDone)) {
      // Reading has gone back to before the head of the lane.
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
    if (isFull || isHeldBack(flow, holder) || lane.skippedTo !== undefined || lane.queued === 0)
      lane.skip(version);
    else lane.queue(event, holder);
  }

  return (partition, flow, event, how) => {
    const { instanceID, targetID } = flow;
    const { version } = event;
    const unit = flow.target?.order === 'none' ? String(version) : '';
    const key = { instanceID, targetID, stream: event.stream, replay: how.replay, unit };
    const lane = partition.lane(key);
    if (lane) {
      if (unit === '') append(partition, flow, lane, { event, holder: how.holder });
      return true;
    }
    if (isCrowded(partition, flow)) return false;
    const opened = lanes.open(partition, key, version);
    if (isHeldBack(flow, how.holder)) {
      opened.eventID = event.id;
      opened.eventType = event.type;
      opened.created = event.created.getTime();
      opened.skip(version);
    } else opened.queue(event, how.holder);
    return true;
  };
}
