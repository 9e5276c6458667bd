import { soon } from '../../lib/clock.js';
import { eventDeadLetterID } from '../policy/deliveryID.js';
import { lettersReplay } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import type { DeadLetter, LaneKey } from '../store/deliveryStore.js';
import { reportPlace, type WorkerContext } from '../context/context.js';
import { namingFailed } from '../context/naming.js';
import type { Lanes } from '../sending/lanes.js';

/** The lane in which the dead letters of a stream are sent again. */
export const lettersKey = ({ instanceID, targetID, stream }: DeadLetter): LaneKey => ({
  instanceID,
  targetID,
  stream,
  replay: lettersReplay,
  unit: '',
});

/** Sends dead letters again. */
interface LetterReplay {
  /** Adds a dead letter that is marked as being replayed to the lane of its stream. */
  enqueue(partition: Partition, letter: DeadLetter): void;
  /** Marks dead letters as being replayed, and sends them once the marks are committed. */
  replay(partition: Partition, ids: readonly string[]): Promise<void>;
}

export function createLetterReplay(
  { store, source, naming, tell }: WorkerContext,
  lanes: Lanes,
  pump: () => void,
): LetterReplay {
  /** Puts a dead letter into its lane, in the order of the stream. */
  function enqueue(partition: Partition, letter: DeadLetter): void {
    const key = lettersKey(letter);
    const lane = partition.lane(key) ?? lanes.open(partition, key, letter.version);
    if (lane.letters.some(({ id }) => id === letter.id)) return;
    const isBusy =
      lane.letters.length > 0 && (lane.phase === 'running' || lane.phase === 'parking' || lane.queued > 0);
    const [first, ...rest] = lane.letters;
    const waiting = [...(isBusy ? rest : lane.letters), letter].sort((left, right) =>
      left.version < right.version ? -1 : 1,
    );
    lane.letters = isBusy && first ? [first, ...waiting] : waiting;
    const head = lane.letters[0];
    if (!isBusy && head && (lane.isDone || head.version !== lane.head)) {
      lane.moveTo(head.version);
      lane.isDone = false;
    }
    partition.touch(lane);
  }

  async function replayNameless(partition: Partition, letter: DeadLetter): Promise<void> {
    const { stream, version, id } = letter;
    for await (const event of source.readStream(stream, { from: version, limit: 1 })) {
      if (event.version !== version) continue;
      try {
        const named = naming.name(event);
        const replay = `letter ${id}`;
        for (const { targetID } of naming.match(named)) {
          const key = {
            instanceID: named.caller.instanceID,
            targetID,
            stream,
            replay,
            unit: String(version),
          };
          if (partition.lane(key)) continue;
          const lane = lanes.open(partition, key, version);
          lane.skip(version);
        }
        partition.remove(id);
      } catch (error) {
        // It stays a dead letter.
        tell({
          outcome: 'parked',
          deliveryID: id,
          ...reportPlace(letter, event),
          executionID: '',
          attempt: letter.attempts,
          durationMs: 0,
          reason: namingFailed(error),
        });
      }
    }
  }

  async function replay(partition: Partition, ids: readonly string[]): Promise<void> {
    const named: DeadLetter[] = [];
    for (const id of ids) {
      const letter = await store.deadLetter(id);
      if (letter?.partition !== partition.number || letter.isReplaying) continue;
      if (letter.targetID === '' || letter.id === eventDeadLetterID(letter))
        await replayNameless(partition, letter);
      else named.push({ ...letter, isReplaying: true });
    }
    // In one step, and so in one commit: a stream starts once all of its dead letters are in its lane, in their order.
    for (const letter of named)
      partition.park(letter, () => {
        enqueue(partition, letter);
        soon('the start of a replay', pump);
      });
  }

  return { enqueue, replay };
}
