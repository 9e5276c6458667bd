import { EventStoreUnavailableError, isActionsError } from '../../errors.js';
import { withinTime } from '../../lib/withinTime.js';
import type { RecordedEvent } from '../../ports.js';
import { isInPeriod } from '../progress/cursor.js';
import { lettersReplay, type Lane } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import { isEligible } from '../context/eligibility.js';
import type { WorkerContext } from '../context/context.js';
import { shownText } from '../../lib/shown/shownText.js';

/**
 * - `event`: the head is in memory
 * - `end`: the stream has nothing more for the lane, which may be closed
 * - `gone`: its head is no longer in the stream
 * - `moved`: a page without anything for it; read again
 */
type Refilled = 'event' | 'end' | 'gone' | 'moved';

/** Reads the events from the head of a lane on from its stream. */
type Refill = (partition: Partition, lane: Lane) => Promise<Refilled>;

/** How long the read of a page of a stream may take. Milliseconds. */
const pagePatienceMs = 30_000;

export function createRefill(context: WorkerContext): Refill {
  const { access, source, naming, options, mainWindow, flows } = context;

  async function read(
    partition: Partition,
    stream: string,
    from: bigint,
    limit: number,
  ): Promise<RecordedEvent[]> {
    const late = () =>
      new EventStoreUnavailableError(
        `readStream of the event store has not ended for ${shownText(stream)} within ${pagePatienceMs} ms; it is read again`,
      );
    const limits = { clock: access.clock, milliseconds: pagePatienceMs, late };
    const events: RecordedEvent[] = [];
    try {
      await withinTime({ ...limits, signal: context.callSignal(partition) }, async (signal) => {
        for await (const event of source.readStream(stream, { from, limit, signal })) events.push(event);
      });
    } catch (error) {
      // A tombstoned stream has no events.
      if (!isActionsError(error, 'STREAM_DELETED')) throw error;
    }
    return events;
  }

  /** Whether an event matches the lane's target; an event whose name cannot be found is judged when it is due. */
  function isWanted(lane: Lane, event: RecordedEvent): boolean {
    if (event.type.startsWith('$')) return false;
    // Keep an event with a failed attempt: `prepare` drops it, and counts that.
    if (event.version === lane.head && lane.eventID !== '') return true;
    try {
      const named = naming.name(event);
      if (named.caller.instanceID !== lane.instanceID) return false;
      if (!naming.match(named).some(({ targetID }) => targetID === lane.targetID)) return false;
    } catch {
      return true;
    }
    if (lane.replay !== '') return true;
    const { target } = flows.of(lane.instanceID, lane.targetID);
    return target === undefined || isEligible(target, event.position, context.isSameStore);
  }

  /** Reads one event, without the rest of the stream. */
  async function single(partition: Partition, lane: Lane, version: bigint): Promise<Refilled> {
    const [event] = await read(partition, lane.stream, version, 1);
    if (!lane.isOpen) return 'end';
    if (event?.version !== version) return 'gone';
    lane.queue(event, mainWindow);
    return 'event';
  }

  return async (partition, lane) => {
    if (lane.replay === lettersReplay) {
      const [letter] = lane.letters;
      return letter ? single(partition, lane, letter.version) : 'end';
    }
    if (lane.unit !== '') return lane.isDone ? 'end' : single(partition, lane, lane.head);
    // Without room for the queue, read only the next event.
    const { isSpilling } = flows.of(lane.instanceID, lane.targetID);
    const limit = (isSpilling && mainWindow.isHalfFull) || mainWindow.isFull ? 2 : options.depth + 1;
    const { skips } = lane;
    const events = await read(partition, lane.stream, lane.head, limit);
    if (!lane.isOpen) return 'end';
    // One synchronous step from here on: an event that a reader skipped meanwhile is either in this page or needs
    // another one.
    const upTo = partition.readTo(lane);
    const { head, isDone } = lane;
    const ahead = events.filter(({ version }) => (isDone ? version > head : version >= head));
    const reached = ahead.filter(({ position }) => position <= upTo);
    const isWhole = events.length < limit || reached.length < ahead.length;
    const isGone = !isDone && (isWhole || ahead.length > 0) && ahead[0]?.version !== head;
    const cursor = partition.cursor(lane);
    const wanted = reached.filter(
      (event) => (!cursor || isInPeriod(cursor, event.position)) && isWanted(lane, event),
    );
    const last = events.at(-1)?.version;
    const isOvertaken =
      lane.skips !== skips && !(lane.skippedTo !== undefined && last !== undefined && last >= lane.skippedTo);
    if (isGone && lane.eventID !== '') return 'gone';
    for (const event of wanted) lane.queue(event, mainWindow);
    if (isWhole && !isOvertaken) lane.skippedTo = undefined;
    if (wanted.length > 0) return 'event';
    if (isWhole) return isOvertaken ? 'moved' : 'end';
    const examined = reached.at(-1);
    if (examined) {
      lane.moveTo(examined.version);
      partition.touch(lane);
    }
    return 'moved';
  };
}
