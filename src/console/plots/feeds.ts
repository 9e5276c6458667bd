import type { Actions, KeptCall, MissedCalls } from '../../index.js';
import { reportRejection } from '../../lib/ignoredError.js';
import { onAbort } from '../../lib/onAbort.js';
import type { Clock } from '../../ports.js';
import type { Plots } from '../wire/calls.js';
import { createMinutes, type Minutes } from './minutes.js';

/**
 * The most instances whose calls are followed: the instances whose plots were requested last. Each has one subscription.
 */
export const mostFeeds = 30;
/** The most cells (a minute of one target) of all instances together; a cell takes less than 1 kB. */
export const mostCells = 20_000;
/** The most kept calls to count when following an instance begins. */
const mostCaughtUp = 10_000;

interface Feed {
  readonly minutes: Minutes;
  readonly ending: AbortController;
}

export interface Feeds {
  /** Returns the plots of an instance, and follows the instance from then on. */
  plots(instanceID: string, targetID: string | undefined): Plots;
  /** Follows an instance before its plots are requested. */
  follow(instanceID: string): void;
  readonly size: number;
  /** Resolves once no subscription is left. */
  ended(): Promise<void>;
}

interface FeedOptions {
  readonly actions: Pick<Actions, 'calls' | 'runAs'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Ends all feeds. */
  readonly closing: AbortSignal;
}

/** Follows the calls of instances and counts them for the plots. No call waits for it. */
export function createFeeds({ actions, clock, closing }: FeedOptions): Feeds {
  /** The feeds by instance, the last requested one at the end. */
  const feeds = new Map<string, Feed>();
  const running = new Set<Promise<void>>();

  function add(feed: Feed, call: KeptCall): void {
    feed.minutes.add(call, clock.now());
    let cells = 0;
    for (const { minutes } of feeds.values()) cells += minutes.cells;
    for (; cells > mostCells; cells -= 1) fullest().minutes.dropOldest();
  }

  /** The feed with the most cells, which loses cells first. */
  const fullest = (): Feed =>
    [...feeds.values()].reduce((most, feed) => (feed.minutes.cells > most.minutes.cells ? feed : most));

  async function run(instanceID: string, feed: Feed): Promise<void> {
    const { signal } = feed.ending;
    const stop = onAbort(closing, () => {
      feed.ending.abort();
    });
    try {
      const told = actions.runAs({ instanceID }, () => actions.calls.subscribe({ signal }));
      const following = told[Symbol.asyncIterator]();
      // Start the subscription before reading the kept calls, so that no call is missed in between.
      let next = following.next();
      const kept = actions.runAs({ instanceID }, () => actions.calls.list({ limit: mostCaughtUp }));
      const latest = kept[0]?.number ?? 0;
      for (const call of kept.toReversed()) add(feed, call);
      for (let each = await next; each.done !== true; each = await next) {
        next = following.next();
        count(feed, each.value, latest);
      }
    } finally {
      stop();
      if (feeds.get(instanceID) === feed) feeds.delete(instanceID);
    }
  }

  function count(feed: Feed, told: KeptCall | MissedCalls, latest: number): void {
    if ('missed' in told) feed.minutes.miss(told.missed);
    else if (told.number > latest) add(feed, told);
  }

  function feedOf(instanceID: string): Feed {
    const known = feeds.get(instanceID);
    const feed = known ?? { minutes: createMinutes(), ending: new AbortController() };
    feeds.delete(instanceID);
    feeds.set(instanceID, feed);
    if (known || closing.aborted) return feed;
    for (const [id, { ending }] of feeds) {
      if (feeds.size <= mostFeeds) break;
      feeds.delete(id);
      ending.abort();
    }
    const following = run(instanceID, feed);
    running.add(following);
    reportRejection(
      'following the calls for the console',
      following.finally(() => running.delete(following)),
    );
    return feed;
  }

  return {
    plots: (instanceID, targetID) => feedOf(instanceID).minutes.plots(clock.now(), targetID),
    follow(instanceID) {
      feedOf(instanceID);
    },
    get size() {
      return feeds.size;
    },
    async ended() {
      await Promise.allSettled(running);
    },
  };
}
