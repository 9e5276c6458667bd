import { pause, soon } from '../../lib/clock.js';
import type { RecordedEvent, SubscriptionMessage } from '../../ports.js';
import { isHookedStream } from '../../hooks/context/hookedStream.js';
import { partitionOf } from '../policy/partitionOf.js';
import { isInPeriod } from '../progress/cursor.js';
import type { WorkerContext } from '../context/context.js';
import type { Dispatch } from './dispatch.js';
import { isForeign } from '../context/naming.js';
import { createParticipants, type Participant } from './participants.js';
import { Window } from '../context/window.js';
import type { Spill } from '../sending/spill.js';
import { waitForRoom } from './waitForRoom.js';

/** Read the events of targets that are behind, and the events of replays. */
interface SideReaders {
  /** Starts readers for cursors that may go on. */
  check(): void;
  stop(): Promise<void>;
}

const againMs = 1_000;

/**
 * How long a reader waits for the next message once it has caught up. Its goal may lie beyond the position at which it
 * caught up: the main reader has caught up later, or the position of a partition that was claimed is the head of the
 * source. A source need not tell of a position without an event, but the next subscription catches up at one that is as
 * late. Milliseconds.
 */
const silentMs = 250;

interface SideReaderOptions {
  readonly dispatch: Dispatch;
  readonly prefixes: readonly string[] | undefined;
  /**
   * Makes room in a window: the lanes of a slow target drop their queued events, so that its reader can serve others.
   */
  readonly spill: Spill;
}

export function startSideReaders(
  context: WorkerContext,
  { dispatch, prefixes, spill }: SideReaderOptions,
): SideReaders {
  const { partitions, options, source, access } = context;
  const stopping = new AbortController();
  const running = new Map<string, Promise<void>>();
  let isChecking = false;
  const { isBehind, goalOf, candidates, reach } = createParticipants(partitions);

  const isRead = (event: RecordedEvent): boolean =>
    isHookedStream(event.stream) &&
    !isForeign(event) &&
    (prefixes?.some((prefix) => event.stream.startsWith(prefix)) ?? true);

  function pass(participants: Set<Participant>, event: RecordedEvent, window: Window): void {
    for (const participant of participants) {
      const { partition, cursor } = participant;
      if (!isBehind(participant) || event.position > goalOf(participant)) continue;
      if (cursor.position === undefined || event.position <= cursor.position) continue;
      if (
        !isInPeriod(cursor, event.position) ||
        !isRead(event) ||
        partitionOf(event.stream) !== partition.number
      )
        continue;
      if (!dispatch.side(partition, cursor, event, window)) participants.delete(participant);
    }
    reach(participants, event.position);
  }

  function take(participants: Set<Participant>, message: SubscriptionMessage, window: Window): void {
    if ('stream' in message) pass(participants, message, window);
    else if ('checkpoint' in message) reach(participants, message.checkpoint);
    else if (message.position !== undefined) reach(participants, message.position);
  }

  async function run(list: readonly Participant[]): Promise<void> {
    const participants = new Set(list);
    const window = new Window(options.window, options.windowBytes);
    const room = waitForRoom(access.clock, window, () => {
      // Where no other target waits for this reader, a slow one may keep it.
      if (running.size >= options.readers && candidates().size > running.size) spill(window, 'wanted');
    });
    let from: bigint | undefined;
    for (const { cursor } of list)
      if (cursor.position !== undefined && (from === undefined || cursor.position < from))
        from = cursor.position;
    const left = new AbortController();
    const signal = AbortSignal.any([stopping.signal, left.signal]);
    const after = from === undefined || from === 0n ? {} : { after: from };
    let hasCaughtUp = false;
    let cancelSilence: (() => void) | undefined;
    try {
      for await (const message of source.subscribe({ ...after, ...(prefixes && { prefixes }), signal })) {
        cancelSilence?.();
        take(participants, message, window);
        if (participants.size === 0 || signal.aborted) break;
        if (window.isFull) await room(signal);
        hasCaughtUp ||= 'caughtUp' in message;
        if (hasCaughtUp)
          cancelSilence = access.clock.after(silentMs, () => {
            left.abort();
          });
      }
    } finally {
      cancelSilence?.();
      left.abort();
    }
  }

  function start(key: string, participants: readonly Participant[]): void {
    const wakeLater = async (): Promise<void> => {
      try {
        await run(participants);
      } catch (error) {
        context.fault('reading the events of a target that is behind', error);
        await pause(access.clock, againMs, stopping.signal);
      } finally {
        running.delete(key);
      }
      api.check();
    };
    running.set(key, wakeLater());
  }

  const api: SideReaders = {
    check() {
      if (isChecking || stopping.signal.aborted) return;
      isChecking = true;
      // Start in a later step: the caller may be within a step of another reader.
      soon('the start of a reader', () => {
        isChecking = false;
        if (stopping.signal.aborted) return;
        for (const [key, participants] of candidates()) {
          if (running.size >= options.readers) return;
          if (!running.has(key)) start(key, participants);
        }
      });
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(running.values());
    },
  };
  return api;
}
