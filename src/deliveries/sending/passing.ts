import { deliveryID } from '../policy/deliveryID.js';
import { lettersReplay, type Lane } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import type { DeadLetter } from '../store/deliveryStore.js';
import { letterOf, reportPlace, type WorkerContext } from '../context/context.js';
import type { Lanes } from './lanes.js';

/** Takes lanes past the event at their head. */
interface Passing {
  /** Moves past an event that was delivered or dropped. */
  advance(partition: Partition, lane: Lane): void;
  /** Makes a dead letter of the event, which is committed before the next event of the lane is sent. */
  park(partition: Partition, lane: Lane, why: ParkReason): void;
  /** Takes the lane back where reading went back during its call. `false` where it did not. */
  rewind(partition: Partition, lane: Lane): boolean;
  /** Removes a dead letter. The stream that it blocks goes on once the removal is committed. */
  removeLetter(partition: Partition, letter: DeadLetter): void;
}

interface ParkReason {
  readonly reason: string;
  readonly executionID: string;
  readonly durationMs: number;
}

export function createPassing(context: WorkerContext, lanes: Lanes): Passing {
  const { access, flows } = context;

  function rewind(partition: Partition, lane: Lane): boolean {
    if (lane.rewindTo === undefined) return false;
    lane.rewind(lane.rewindTo);
    lane.rewindTo = undefined;
    partition.touch(lane);
    lanes.makeReady(lane);
    return true;
  }

  function goOn(partition: Partition, lane: Lane): void {
    lane.pass();
    partition.touch(lane);
    if (rewind(partition, lane)) return;
    const [letter] = lane.letters;
    if (letter) {
      lane.head = letter.version;
      lane.isDone = false;
    }
    if (lane.queued > 0 || lane.skippedTo !== undefined || letter) lanes.makeReady(lane);
    else lanes.close(partition, lane);
  }

  function unblock(partition: Partition, lane: Lane): void {
    lane.isUnblocking = false;
    if (!lane.isOpen || lane.phase !== 'blocked') return;
    lane.blocks = false;
    // Later events are not queued, or this worker has never seen them.
    lane.skip(lane.head);
    partition.touch(lane);
    lanes.makeReady(lane);
    context.commitSoon(partition);
  }

  function removeLetter(partition: Partition, letter: DeadLetter): void {
    const { instanceID, targetID, stream } = letter;
    const blocked = partition.lane({ instanceID, targetID, stream, replay: '', unit: '' });
    if (!letter.blocks || blocked?.phase !== 'blocked' || blocked.head !== letter.version) {
      partition.remove(letter.id);
      return;
    }
    blocked.isUnblocking = true;
    partition.touch(blocked);
    partition.remove(letter.id, () => {
      unblock(partition, blocked);
    });
    context.commitSoon(partition);
  }

  return {
    rewind,
    removeLetter,
    advance(partition, lane) {
      if (lane.replay === lettersReplay) {
        const letter = lane.letters.shift();
        if (letter) removeLetter(partition, letter);
      }
      goOn(partition, lane);
    },
    park(partition, lane, { reason, executionID, durationMs }) {
      const event = lane.first;
      if (!event) return;
      const [letter] = lane.letters;
      const { target } = flows.of(lane.instanceID, lane.targetID);
      const blocks = letter
        ? letter.blocks
        : lane.replay === '' && lane.unit === '' && target?.order === 'strict';
      const id = deliveryID(lane, event);
      const { attempts, status } = lane;
      context.tell({
        outcome: 'parked',
        deliveryID: id,
        ...reportPlace(lane, event),
        executionID,
        attempt: attempts,
        durationMs,
        reason,
        ...(status > 0 && { status }),
      });
      lane.blocks = blocks && !letter;
      lanes.setPhase(lane, 'parking');
      partition.touch(lane);
      partition.park(letterOf(lane, event, { id, reason, blocks, parkedAt: access.clock.now() }), () => {
        if (!lane.isOpen) return;
        if (letter) lane.letters.shift();
        if (!lane.blocks) {
          goOn(partition, lane);
          context.commitSoon(partition);
          return;
        }
        lane.release();
        lane.moveTo(event.version);
        lanes.setPhase(lane, 'blocked');
      });
      context.commitSoon(partition);
    },
  };
}
