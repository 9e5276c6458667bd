import { ActionsClosedError, IndexNotReadyError, isActionsError, type ActionsError } from '../errors.js';
import { pause } from '../lib/clock.js';
import { isFinal } from '../lib/errorCode.js';
import type { Clock, EventStore, RecordedEvent } from '../ports.js';
import type { ConditionIndex, InstanceIndex } from './conditionIndex.js';
import type { FailedEvent } from './rows/failedEvents.js';
import { applyMessage, indexedPrefixes } from './indexedStreams.js';
import type { IndexStore } from './indexStore.js';
import { createIndexMaintenance, type IndexMaintenance } from './maintenance.js';
import { onceFree } from './onceFree.js';
import { readHead } from './readHead.js';
import { createWaiters } from './waiting/waiters.js';
import { detailText } from '../lib/detailText.js';

const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** How long a command waits for another process to release the lock of the index file. Milliseconds. */
const ownEventsMs = 30_000;
/** How long a read of the position of the last event may take. Milliseconds. */
const headPatienceMs = 30_000;

/** The progress of the projection. */
export interface ProjectionStatus {
  /** Position up to which the events of targets and executions are in the index. */
  readonly position: bigint | undefined;
  /** How long the index has not followed the event store. Milliseconds; 0 while it follows. */
  readonly lagMs: number;
  /** Whether the subscription is open. */
  readonly connected: boolean;
  /** Whether the index is usable: it was complete, and has lost no event since. */
  readonly caughtUp: boolean;
  /** The first 1 000 events of targets and executions that were malformed and skipped. */
  readonly failedEvents: readonly FailedEvent[];
  /**
   * Why the index no longer follows the event store, for example because its client was disposed; absent while it
   * follows.
   */
  readonly failure?: string;
  /** Why the subscription is not open at present, in the words of the event store; absent while it is open. It is tried again. */
  readonly interruption?: string;
  /** Why the index is kept in memory although an index store was given: its file failed; absent while the file is used. */
  readonly indexFileFailure?: string;
}

/** Keeps the condition index current from the store's subscription (rules F1-F5). It never calls a target. */
export interface Projection {
  /** The index at this moment, complete or not; a rebuild replaces it. */
  readonly index: ConditionIndex;
  /**
   * The index of one instance, for answers.
   *
   * @throws {@link IndexNotReadyError} while an index that was whole is being rebuilt
   */
  instance(instanceID: string): InstanceIndex;
  /** Whether the target exists, as far as the index knows. Never throws. */
  mayHaveTarget(instanceID: string, targetID: string): boolean;
  /** Changes whenever the index does. */
  readonly generation: number;
  readonly caughtUp: boolean;
  whenCaughtUp(signal?: AbortSignal): Promise<void>;
  whenApplied(position: bigint, signal?: AbortSignal): Promise<void>;
  /**
   * Applies events that this process has just written or read, ahead of the subscription. Never rejects: an index that
   * cannot be written gets them from the subscription.
   */
  applyOwn(events: Iterable<RecordedEvent>): Promise<void>;
  readonly maintenance: IndexMaintenance;
  status(): ProjectionStatus;
  close(): Promise<void>;
}

interface ProjectionOptions {
  readonly store: EventStore;
  readonly indexStore: IndexStore;
  readonly clock: Clock;
  /** A number in [0, 1), which spreads the reconnects of many processes over time. */
  readonly random: () => number;
}

const pauseMs = (attempt: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 10));

const notWhole = (why: string): IndexNotReadyError =>
  new IndexNotReadyError(
    `the index of targets and executions cannot be used: ${why}; nothing was called or written: it is being rebuilt, try again`,
  );

/** Why the subscription is not open: for good, or until it is opened again. */
interface Trouble {
  readonly failure?: ActionsError;
  readonly interruption?: unknown;
}

const failuresOf = ({ current, lost }: IndexStore, { failure, interruption }: Trouble) => ({
  failedEvents: current.failedEvents,
  ...(failure && { failure: detailText(failure) }),
  ...(interruption !== undefined && { interruption: detailText(interruption) }),
  ...(lost !== undefined && { indexFileFailure: lost }),
});

function mayHaveTarget({ current }: IndexStore, instanceID: string, targetID: string): boolean {
  try {
    return current.instance(instanceID).target(targetID) !== undefined;
  } catch {
    return true;
  }
}

/** A store that breaks its contract before the index is complete ends the projection; one that worked may do so again. */
const isHopeless = (error: unknown, wasWhole: boolean): error is ActionsError =>
  isFinal(error) || (!wasWhole && isActionsError(error, 'EVENT_STORE_CONTRACT'));

export function startProjection({ store, indexStore, clock, random }: ProjectionOptions): Projection {
  const closing = new AbortController();
  const waiters = createWaiters();
  const maintenance = createIndexMaintenance({ store, indexStore, clock }, closing.signal);
  let subscription = new AbortController();
  let generation = 0;
  let connected = false;
  let wasWhole = false;
  let trouble: Trouble = {};
  let completeAt = clock.elapsed();

  const isWhole = (): boolean => wasWhole && indexStore.unusable === undefined;

  function checkWaiters(): void {
    if (isWhole()) waiters.caughtUp();
    if (waiters.waitForPosition) waiters.reached(indexStore.current.position);
  }

  const unlisten = [
    indexStore.onReplaced(() => {
      // The index is unusable: answer from it only after a rebuild.
      if (indexStore.unusable !== undefined) {
        wasWhole = false;
        subscription.abort();
      }
      generation++;
      checkWaiters();
    }),
    indexStore.onLost(() => {
      subscription.abort();
    }),
  ];

  /** Rebuilds an index of another format, of another store, or with lost events, before it answers. */
  async function makeUsable(): Promise<void> {
    // Read the index before the head: other processes may append and update the index while the head is read.
    const { position } = indexStore.current;
    const head = await readHead(store, { clock, patienceMs: headPatienceMs, signal: closing.signal });
    if (head !== undefined && position !== undefined && position > head)
      indexStore.invalidate('it holds events that the event store does not have');
    if (indexStore.unusable !== undefined) await maintenance.rebuild();
  }

  async function followOnce(onMessage: () => void): Promise<void> {
    if (!isWhole()) await makeUsable();
    if (closing.signal.aborted) return;
    const { position } = indexStore.current;
    subscription = new AbortController();
    const signal = AbortSignal.any([closing.signal, subscription.signal]);
    const after = position === undefined ? {} : { after: position };
    for await (const message of store.subscribe({ ...after, prefixes: indexedPrefixes, signal })) {
      await onceFree(clock, () => applyMessage(indexStore.current, message), { signal });
      if ('stream' in message) generation++;
      if ('caughtUp' in message) wasWhole = connected = true;
      trouble = {};
      checkWaiters();
      onMessage();
    }
  }

  async function follow(): Promise<void> {
    for (let attempt = 0; !closing.signal.aborted; attempt++) {
      try {
        await followOnce(() => {
          attempt = 0;
        });
      } catch (error) {
        // After any other error the projection subscribes again; until then `health().connected` is false.
        trouble = isHopeless(error, wasWhole) ? { failure: error } : { interruption: error };
      }
      if (connected) completeAt = clock.elapsed();
      connected = false;
      if (trouble.failure) {
        waiters.fail(trouble.failure);
        return;
      }
      await pause(clock, pauseMs(attempt) * (0.5 + random() / 2), closing.signal);
    }
  }

  const following = follow();

  return {
    get index() {
      return indexStore.current;
    },
    instance(instanceID) {
      const why = wasWhole ? indexStore.unusable : undefined;
      if (why !== undefined) throw notWhole(why);
      return indexStore.current.instance(instanceID);
    },
    mayHaveTarget: (instanceID, targetID) => mayHaveTarget(indexStore, instanceID, targetID),
    get generation() {
      return generation;
    },
    get caughtUp() {
      return isWhole();
    },
    async whenCaughtUp(signal) {
      signal?.throwIfAborted();
      if (!isWhole()) await waiters.untilCaughtUp(signal);
    },
    async whenApplied(wanted, signal) {
      signal?.throwIfAborted();
      const { position } = indexStore.current;
      if (position === undefined || position < wanted) await waiters.untilReached(wanted, signal);
    },
    async applyOwn(events) {
      const waiting = { signal: closing.signal, patienceMs: ownEventsMs };
      try {
        for (const event of events)
          await onceFree(clock, () => indexStore.current.apply(event, false), waiting);
      } catch {
        // The events are in the store: the subscription delivers them.
      }
      generation++;
    },
    maintenance,
    status: () => ({
      position: indexStore.current.position,
      lagMs: connected ? 0 : clock.elapsed() - completeAt,
      connected,
      caughtUp: isWhole(),
      ...failuresOf(indexStore, trouble),
    }),
    async close() {
      closing.abort();
      waiters.fail(new ActionsClosedError());
      for (const stop of unlisten) stop();
      await following;
    },
  };
}
