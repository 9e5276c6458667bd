import { pause } from '../clock.js';
import { ActionsClosedError } from '../errors.js';
import { executionStreamPrefix } from '../execution/execution.js';
import type { Clock, EventStore, RecordedEvent, SubscriptionMessage } from '../ports.js';
import { targetStreamPrefix } from '../target/target.js';
import { createConditionIndex, type ConditionIndex } from './conditionIndex.js';
import { createFailedEvents, type FailedEvents } from './failedEvents.js';
import { createWaiters } from './waiters.js';

/** The streams that the index is made of. */
export const indexedPrefixes: readonly string[] = [targetStreamPrefix, executionStreamPrefix];

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
  readonly failedEvents: FailedEvents['events'];
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
  /** Collects what arrives while another index is built aside. */
  collect(): { readonly arrived: readonly RecordedEvent[]; stop(): void };
  /** Puts an index that holds everything up to `position`, and all that was collected, in the place of the old one. */
  replace(index: ConditionIndex, failed: FailedEvents, position: bigint | undefined): void;
  status(): ProjectionStatus;
  close(): Promise<void>;
}

export interface ProjectionOptions {
  readonly store: EventStore;
  readonly clock: Clock;
  /** In [0, 1); spreads the reconnects of many processes. */
  readonly random: () => number;
}

const later = (left: bigint | undefined, right: bigint | undefined): bigint | undefined =>
  left === undefined || (right !== undefined && right > left) ? right : left;

export function startProjection({ store, clock, random }: ProjectionOptions): Projection {
  const closing = new AbortController();
  const waiters = createWaiters();
  const collections = new Set<RecordedEvent[]>();
  let index = createConditionIndex();
  let failed = createFailedEvents();
  let generation = 0;
  let position: bigint | undefined;
  let connected = false;
  let caughtUp = false;
  let completeAt = clock.elapsed();

  function apply(event: RecordedEvent, delivered: boolean): void {
    for (const collection of collections) collection.push(event);
    failed.guard(event, () => {
      index.apply(event, delivered);
    });
    generation++;
  }

  function receive(message: SubscriptionMessage): void {
    if ('stream' in message) {
      // A resubscription, or a rebuild that looked further, may bring back what is in the index already.
      if (position !== undefined && message.position <= position) return;
      apply(message, true);
      position = message.position;
    } else if ('checkpoint' in message) {
      position = later(position, message.checkpoint);
    } else {
      position = later(position, message.position);
      connected = true;
      caughtUp = true;
    }
    waiters.check();
  }

  async function follow(): Promise<void> {
    for (let attempt = 0; !closing.signal.aborted; attempt++) {
      try {
        const after = position === undefined ? {} : { after: position };
        const options = { ...after, prefixes: indexedPrefixes, signal: closing.signal };
        for await (const message of store.subscribe(options)) {
          receive(message);
          attempt = 0;
        }
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
      return index;
    },
    get generation() {
      return generation;
    },
    get caughtUp() {
      return caughtUp;
    },
    whenCaughtUp: (signal) => waiters.wait(() => caughtUp, signal),
    whenApplied: (wanted, signal) => waiters.wait(() => position !== undefined && position >= wanted, signal),
    applyOwn(events) {
      for (const event of events)
        if (position === undefined || event.position > position) apply(event, false);
    },
    collect() {
      const arrived: RecordedEvent[] = [];
      collections.add(arrived);
      return { arrived, stop: () => collections.delete(arrived) };
    },
    replace(replacement, failures, reached) {
      index = replacement;
      failed = failures;
      generation++;
      position = later(position, reached);
      waiters.check();
    },
    status: () => ({
      position,
      lagMs: connected ? 0 : clock.elapsed() - completeAt,
      connected,
      caughtUp,
      failedEvents: failed.events,
    }),
    async close() {
      closing.abort();
      waiters.fail(new ActionsClosedError());
      await following;
    },
  };
}
