import { setImmediate as nextTurn } from 'node:timers/promises';
import { onAbort } from '../../lib/onAbort.js';
import type { SubscribeOptions, SubscriptionMessage } from '../../ports.js';
import { takeSubscribeOptions, type TakenSubscription } from '../../events/portOptions.js';
import { takeNow } from '../../lib/reading/takeNow.js';
import { iterateEvents, type Pages } from './eventIteration.js';
import type { EventLog } from './eventLog.js';
import type { Follower, Followers } from './followers.js';

type News = Exclude<SubscriptionMessage, { readonly stream: string }>;

/** Each prefix is a part of one query. */
const mostPrefixes = 100;

/** A catch-up subscription over a log. Every iteration is a new subscription. */
export function subscribeToLog(
  log: EventLog,
  followers: Followers,
  options: SubscribeOptions,
  requireOpen: () => void,
): AsyncIterable<SubscriptionMessage> {
  const taken = takeNow(() => takeSubscribeOptions(options, mostPrefixes));
  return iterateEvents<News>(log, () => {
    const subscription = new Subscription(log, followers, taken, requireOpen);
    return {
      pages: subscription.pages(),
      ended: () => subscription.ended,
      cancel: subscription.end,
    };
  });
}

class Subscription {
  readonly #log: EventLog;
  readonly #followers: Followers;
  readonly #taken: () => TakenSubscription;
  readonly #requireOpen: () => void;
  #follower: Follower | undefined;
  #ended = false;

  constructor(log: EventLog, followers: Followers, taken: () => TakenSubscription, requireOpen: () => void) {
    this.#log = log;
    this.#followers = followers;
    this.#taken = taken;
    this.#requireOpen = requireOpen;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Ends the subscription. An abort of the signal calls it. */
  readonly end = (): void => {
    this.#ended = true;
    this.#follower?.wake();
  };

  async *pages(): Pages<News> {
    const taken = this.#taken();
    const { prefixes, signal } = taken;
    if (signal.aborted) return;
    const follower = this.#followers.join(prefixes);
    this.#follower = follower;
    const stopListening = onAbort(signal, this.end);
    try {
      yield* this.#follow(taken, follower);
    } finally {
      stopListening();
      follower.leave();
    }
  }

  async *#follow({ after, prefixes }: TakenSubscription, follower: Follower): Pages<News> {
    const readPage = this.#log.pages(prefixes);
    let position = Number(after);
    let told = position;
    let caughtUp = false;
    while (!this.#ended) {
      this.#requireOpen();
      const head = await this.#log.head();
      if (position >= head) {
        if (!caughtUp) {
          caughtUp = true;
          yield { caughtUp, position: BigInt(position) };
        } else if (position > told) {
          yield { checkpoint: BigInt(position) };
        }
        told = position;
        await follower.wait();
        continue;
      }
      const page = await readPage(position, head);
      position = page.examined;
      const last = page.events.at(-1);
      if (last !== undefined) {
        yield page.events;
        told = last[0];
      } else if (position < head) {
        yield { checkpoint: BigInt(position) };
        told = position;
      }
      // Let timers, sockets and signals run between pages.
      await nextTurn();
    }
  }
}
