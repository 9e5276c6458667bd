import { pause } from '../lib/clock.js';
import { ActionsClosedError } from '../errors.js';
import type { Clock, EventStore, RecordedEvent } from '../ports.js';
import type { ConditionIndex } from './conditionIndex.js';
import type { FailedEvent } from './failedEvents.js';
import type { IndexStore } from './indexStore.js';
import { applyMessage, indexedPrefixes } from './indexedStreams.js';
import { createRebuilds, type Rebuilds } from './rebuilds.js';
import { createWaiters } from './waiters.js';

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** What the projection has come to. */
export interface ProjectionStatus {
  /** Position up to which everything of ours is in the index. */
  readonly position: bigint | undefined;
  /** How long the index may have been missing something, in milliseconds; 0 while it follows. */
  readonly lagMs: number;
  readonly connected: boolean;
  /** Whether the index has ever been complete. */
  readonly caughtUp: boolean;
  readonly failedEvents: readonly FailedEvent[];
}

/** Keeps the condition index current from the store's subscription (rules F1-F5). It never calls a target. */
export interface Projection {
  /** The index of now; a rebuild puts another in its place. */
  readonly index: ConditionIndex;
  /** Changes whenever the index does. */
  readonly generation: number;
  readonly caughtUp: boolean;
  whenCaughtUp(signal?: AbortSignal): Promise<void>;
  whenApplied(position: bigint, signal?: AbortSignal): Promise<void>;
  /** Applies events that this process has just written or read, ahead of the subscription. */
  applyOwn(events: Iterable<RecordedEvent>): void;
  readonly rebuilds: Rebuilds;
  status(): ProjectionStatus;
  close(): Promise<void>;
}

export interface ProjectionOptions {
  readonly store: EventStore;
  readonly indexStore: IndexStore;
  readonly clock: Clock;
  /** In [0, 1); spreads the reconnects of many processes. */
  readonly random: () => number;
}

export function startProjection({ store, indexStore, clock, random }: ProjectionOptions): Projection {
  const closing = new AbortController();
  const waiters = createWaiters();
  const rebuilds = createRebuilds({ store, indexStore, clock }, closing.signal);
  let subscription = new AbortController();
  let generation = 0;
  let connected = false;
  let caughtUp = false;
  let completeAt = clock.elapsed();

  const unlisten = [
    indexStore.onReplaced(() => {
      // What cannot be used any more knows nothing: nobody is answered from it until another one was built.
      if (indexStore.unusable !== undefined) {
        caughtUp = false;
        subscription.abort();
      }
      generation++;
      waiters.check();
    }),
    indexStore.onLost(() => {
      subscription.abort();
    }),
  ];

  /** An index of another format, or of another store, is built anew before anybody is answered from it. */
  async function makeUsable(): Promise<void> {
    // In this order: others may write, and note it in the index, while the head is asked for.
    const { position } = indexStore.current;
    const head = await store.head?.();
    if (head !== undefined && position !== undefined && position > head)
      indexStore.invalidate('it knows of events that the event store does not have');
    if (indexStore.unusable !== undefined) await rebuilds.rebuild();
  }

  async function followOnce(onMessage: () => void): Promise<void> {
    if (!caughtUp) await makeUsable();
    if (closing.signal.aborted) return;
    const { position } = indexStore.current;
    subscription = new AbortController();
    const signal = AbortSignal.any([closing.signal, subscription.signal]);
    const after = position === undefined ? {} : { after: position };
    for await (const message of store.subscribe({ ...after, prefixes: indexedPrefixes, signal })) {
      applyMessage(indexStore.current, message);
      if ('stream' in message) generation++;
      if ('caughtUp' in message) caughtUp = connected = true;
      waiters.check();
      onMessage();
    }
  }

  async function follow(): Promise<void> {
    for (let attempt = 0; !closing.signal.aborted; attempt++) {
      try {
        await followOnce(() => {
          attempt = 0;
        });
      } catch {
        // Whatever it was, the only cure is to subscribe again; health() shows that the index is cut off.
      }
      if (connected) completeAt = clock.elapsed();
      connected = false;
      const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 10));
      await pause(clock, longest * (0.5 + random() / 2), closing.signal);
    }
  }

  const following = follow();

  return {
    get index() {
      return indexStore.current;
    },
    get generation() {
      return generation;
    },
    get caughtUp() {
      return caughtUp;
    },
    whenCaughtUp: (signal) => waiters.wait(() => caughtUp, signal),
    whenApplied(wanted, signal) {
      const isApplied = () => {
        const { position } = indexStore.current;
        return position !== undefined && position >= wanted;
      };
      return waiters.wait(isApplied, signal);
    },
    applyOwn(events) {
      try {
        for (const event of events) indexStore.current.apply(event, false);
      } catch {
        // The write itself is done: an index that cannot be written hears of it from the subscription.
      }
      generation++;
    },
    rebuilds,
    status: () => ({
      position: indexStore.current.position,
      lagMs: connected ? 0 : clock.elapsed() - completeAt,
      connected,
      caughtUp,
      failedEvents: indexStore.current.failedEvents,
    }),
    async close() {
      closing.abort();
      waiters.fail(new ActionsClosedError());
      for (const stop of unlisten) stop();
      await following;
    },
  };
}
