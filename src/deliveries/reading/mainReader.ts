import { pause } from '../../lib/clock.js';
import type { RecordedEvent, SubscriptionMessage } from '../../ports.js';
import { indexedPrefixes } from '../../routing/indexedStreams.js';
import { isHookedStream } from '../../hooks/context/hookedStream.js';
import type { Partition } from '../progress/partition.js';
import { partitionOf } from '../policy/partitionOf.js';
import type { WorkerContext } from '../context/context.js';
import { readingEvents } from '../context/faults.js';
import type { Spill } from '../sending/spill.js';
import type { Dispatch } from './dispatch.js';
import { isForeign } from '../context/naming.js';
import { followOtherIndex } from './otherIndex.js';
import { waitForRoom } from './waitForRoom.js';

/** Reads all events in the order of the log, for every target that is not behind. */
export interface MainReader {
  /** Goes back to the position of a partition that was claimed. */
  include(position: bigint): void;
  readonly position: bigint | undefined;
  readonly isConnected: boolean;
  readonly hasCaughtUp: boolean;
  stop(): Promise<void>;
}

interface MainReaderOptions {
  readonly dispatch: Dispatch;
  readonly prefixes: readonly string[] | undefined;
  /** Makes room in the window: the lanes of slow targets drop their queued events. */
  readonly spill: Spill;
  /** Called when targets or executions have changed; `event` is the change, where the source has it. */
  readonly onIndexChanged: (event?: RecordedEvent) => void;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** The position that the partitions are read from. */
function lowest(partitions: Iterable<Partition>): bigint | undefined {
  let low: bigint | undefined;
  for (const { isLeaving, position } of partitions)
    if (!isLeaving && (low === undefined || position < low)) low = position;
  return low;
}

export function startMainReader(context: WorkerContext, options: MainReaderOptions): MainReader {
  const { access, partitions, source, mainWindow, isSameStore } = context;
  const { dispatch, prefixes, spill, onIndexChanged } = options;
  const { clock } = access;
  const stopping = new AbortController();
  let subscription = new AbortController();
  let wake: () => void = () => undefined;
  let position: bigint | undefined;
  let isConnected = false;
  let hasCaughtUp = false;
  const awaitIndex = followOtherIndex(context, onIndexChanged);
  const room = waitForRoom(clock, mainWindow, () => spill(mainWindow, 'shared'));

  function reach(reached: bigint): void {
    position = reached;
    for (const partition of partitions.values())
      if (!partition.isLeaving && partition.position < reached) partition.position = reached;
  }

  const isRead = (stream: string): boolean =>
    isHookedStream(stream) && (prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true);

  const isOwn = ({ stream }: RecordedEvent): boolean =>
    isSameStore && indexedPrefixes.some((prefix) => stream.startsWith(prefix));

  function pass(event: RecordedEvent): void {
    if (isRead(event.stream) && !isForeign(event)) {
      const partition = partitions.get(partitionOf(event.stream));
      if (partition && !partition.isLeaving && event.position > partition.position)
        dispatch.main(partition, event);
    }
    reach(event.position);
  }

  /**
   * Applies a change of targets or executions before later events are matched. A partition that is claimed meanwhile ends
   * this subscription.
   */
  async function takeOwn(event: RecordedEvent, signal: AbortSignal): Promise<void> {
    await access.applyOwn([event]);
    // A claimed partition is read from further back: a message of the old subscription must not advance it.
    if (signal.aborted) return;
    onIndexChanged(event);
    pass(event);
    if (mainWindow.isFull) await room(signal);
  }

  /** Returns a promise only where the reader has to wait: most events need none. */
  function take(message: SubscriptionMessage, signal: AbortSignal): Promise<void> | undefined {
    if ('stream' in message) {
      if (isOwn(message)) return takeOwn(message, signal);
      pass(message);
      if (mainWindow.isFull) return room(signal);
    } else if ('checkpoint' in message) reach(message.checkpoint);
    else {
      if (message.position !== undefined) reach(message.position);
      hasCaughtUp = true;
    }
    return undefined;
  }

  async function readOnce(from: bigint, signal: AbortSignal): Promise<void> {
    const asked = prefixes && [...prefixes, ...(isSameStore ? indexedPrefixes : [])];
    const after = from === 0n ? {} : { after: from };
    let count = 0;
    await awaitIndex(signal);
    for await (const message of source.subscribe({ ...after, ...(asked && { prefixes: asked }), signal })) {
      if (++count % 256 === 0) await awaitIndex(signal);
      // A claimed partition is read from further back: a message of the old subscription must not advance it.
      if (signal.aborted) return;
      if (!isConnected) context.mended(readingEvents);
      isConnected = true;
      const waiting = take(message, signal);
      if (waiting) await waiting;
    }
  }

  async function run(): Promise<void> {
    let attempt = 0;
    while (!stopping.signal.aborted) {
      const low = lowest(partitions.values());
      if (low === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      subscription = new AbortController();
      const signal = AbortSignal.any([stopping.signal, subscription.signal]);
      // Start no later than the index, so that changes of targets and executions are applied in the order of the log.
      const known = isSameStore ? access.indexPosition() : undefined;
      const from = known !== undefined && known < low ? known : low;
      position = from;
      hasCaughtUp = false;
      try {
        await readOnce(from, signal);
        attempt = 0;
      } catch (error) {
        context.fault(readingEvents, error);
        attempt++;
      }
      isConnected = false;
      if (subscription.signal.aborted) continue;
      await pause(
        clock,
        Math.min(firstPauseMs * 2 ** Math.min(attempt, 10), longestPauseMs),
        stopping.signal,
      );
    }
  }
  const running = run();

  return {
    include(from) {
      wake();
      if (position !== undefined && from < position) {
        subscription.abort();
        mainWindow.wake();
      }
    },
    get position() {
      return position;
    },
    get isConnected() {
      return isConnected;
    },
    get hasCaughtUp() {
      return hasCaughtUp;
    },
    async stop() {
      stopping.abort();
      wake();
      mainWindow.wake();
      await running;
    },
  };
}
