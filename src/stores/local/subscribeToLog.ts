import { setImmediate as nextTurn } from 'node:timers/promises';
import { onAbort } from '../../lib/onAbort.js';
import { InvalidArgumentError } from '../../errors.js';
import type { SubscribeOptions, SubscriptionMessage } from '../../ports.js';
import { requireText, requireU64 } from '../../events/proposedAppend.js';
import { iterateEvents, type Pages } from './eventIteration.js';
import type { EventLog } from './eventLog.js';
import type { Follower, Followers } from './followers.js';

type News = Exclude<SubscriptionMessage, { readonly stream: string }>;

/** A catch-up subscription over a log. Every iteration is a subscription of its own. */
export function subscribeToLog(
  log: EventLog,
  followers: Followers,
  options: SubscribeOptions,
  requireOpen: () => void,
): AsyncIterable<SubscriptionMessage> {
  return iterateEvents<News>(log, () => {
    const subscription = new Subscription(log, followers, options, requireOpen);
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
  readonly #options: SubscribeOptions;
  readonly #requireOpen: () => void;
  #follower: Follower | undefined;
  #ended = false;

  constructor(log: EventLog, followers: Followers, options: SubscribeOptions, requireOpen: () => void) {
    this.#log = log;
    this.#followers = followers;
    this.#options = options;
    this.#requireOpen = requireOpen;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Also what an abort does. */
  readonly end = (): void => {
    this.#ended = true;
    this.#follower?.wake();
  };

  async *pages(): Pages<News> {
    const { after = 0n, prefixes, signal } = this.#options;
    requireSignal(signal);
    requirePrefixes(prefixes);
    const position = Number(requireU64(after, 'after'));
    if (signal.aborted) return;
    const follower = this.#followers.join(prefixes);
    this.#follower = follower;
    const stopListening = onAbort(signal, this.end);
    try {
      yield* this.#follow(position, follower);
    } finally {
      stopListening();
      follower.leave();
    }
  }

  async *#follow(after: number, follower: Follower): Pages<News> {
    const readPage = this.#log.pages(this.#options.prefixes);
    let position = after;
    let told = after;
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
      // Lets timers, sockets and signals through between pages.
      await nextTurn();
    }
  }
}

function requireSignal(signal: unknown): void {
  if (!(signal instanceof AbortSignal))
    throw new InvalidArgumentError('subscribe needs a signal: it is what ends the subscription');
}

/** Each prefix is a part of one query. */
const mostPrefixes = 100;

export function requirePrefixes(prefixes: readonly string[] | undefined): void {
  if (prefixes === undefined) return;
  if (!Array.isArray(prefixes) || prefixes.length === 0 || prefixes.length > mostPrefixes)
    throw new InvalidArgumentError(
      `prefixes are an array of 1 to ${mostPrefixes} beginnings of stream names; leave them out for every stream`,
    );
  for (const [index, prefix] of prefixes.entries())
    if (prefix !== '') requireText(prefix, `prefixes[${index}]`);
}
