import { periodOf } from '../progress/cursor.js';
import { lettersReplay } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import { allDeadLetters } from '../store/allDeadLetters.js';
import type { DeliveryRequest } from '../store/deliveryStore.js';
import type { WorkerContext } from '../context/context.js';
import type { Lanes } from '../sending/lanes.js';
import { createLetterReplay, lettersKey } from './letterReplay.js';
import { createPassing } from '../sending/passing.js';

/** Carries out the requests of operators to the partitions that this worker owns. */
export interface Requests {
  /** Reads and carries out new requests. */
  look(partition: Partition): Promise<void>;
  /** Resumes the replays of a claimed partition, and the lanes whose blocking dead letter is gone. */
  resume(partition: Partition): Promise<void>;
}

export function createRequests(context: WorkerContext, lanes: Lanes, pump: () => void): Requests {
  const { store, source } = context;
  const passing = createPassing(context, lanes);
  const { enqueue, replay } = createLetterReplay(context, lanes, pump);
  const handled = new WeakMap<Partition, Set<string>>();

  async function discard(partition: Partition, ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const letter = await store.deadLetter(id);
      if (letter?.partition !== partition.number) continue;
      const lane = partition.lane(lettersKey(letter));
      // A dead letter whose call is under way is removed when the call ends.
      if (lane && lane.letters[0]?.id !== id)
        lane.letters = lane.letters.filter((waiting) => waiting.id !== id);
      else if (lane && lane.phase !== 'running' && lane.phase !== 'parking') {
        lane.release();
        passing.advance(partition, lane);
      }
      passing.removeLetter(partition, letter);
      context.tell({
        outcome: 'discarded',
        deliveryID: id,
        instanceID: letter.instanceID,
        targetID: letter.targetID,
        executionID: '',
        stream: letter.stream,
        version: letter.version,
        eventID: letter.eventID,
        eventType: letter.eventType,
        attempt: letter.attempts,
        durationMs: 0,
      });
    }
  }

  function replayPeriod(partition: Partition, request: DeliveryRequest): void {
    if (request.kind !== 'replayPeriod') return;
    const { instanceID, targetID, id, from, to } = request;
    const cursor = partition.cursorFor({ instanceID, targetID, replay: id });
    cursor.origin = periodOf(from, to);
    // Only local stores can read from a position between events.
    cursor.position = 'local' in source && source.local === true && from > 0n ? from - 1n : 0n;
    cursor.until = to < partition.position ? to : partition.position;
    partition.touchCursor(cursor);
  }

  async function handle(partition: Partition, request: DeliveryRequest): Promise<void> {
    if (request.kind === 'replay') await replay(partition, request.deadLetters);
    else if (request.kind === 'discard') await discard(partition, request.deadLetters);
    else replayPeriod(partition, request);
    partition.answer(request.id);
    context.commitSoon(partition);
    context.readOn();
    pump();
  }

  return {
    async look(partition) {
      let known = handled.get(partition);
      if (!known) handled.set(partition, (known = new Set()));
      for (const request of await store.requests(partition.number)) {
        if (partition.isLeaving || known.has(request.id)) continue;
        known.add(request.id);
        await handle(partition, request).catch((error: unknown) => {
          known.delete(request.id);
          context.fault(`the request ${request.id}`, error);
        });
      }
    },
    async resume(partition) {
      for (const letter of await allDeadLetters(store, { partition: partition.number, isReplaying: true }))
        enqueue(partition, letter);
      for (const lane of [...partition.lanes.values()]) {
        if (lane.replay === lettersReplay && lane.letters.length === 0) lanes.close(partition, lane);
        if (lane.phase !== 'blocked') continue;
        const { targetID, stream } = lane;
        const letters = await allDeadLetters(store, { partition: partition.number, targetID, stream });
        if (letters.some(({ blocks, version }) => blocks && version === lane.head)) continue;
        lane.skip(lane.head);
        partition.touch(lane);
        lanes.makeReady(lane);
      }
    },
  };
}
