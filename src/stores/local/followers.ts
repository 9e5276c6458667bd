import { later } from '../../lib/clock.js';

/** How often subscriptions are woken for events of other streams or of another process. Milliseconds. */
const tickMs = 50;

/** An open subscription. */
export interface Follower {
  /** Resolves when there may be new events; at once where they may exist already. */
  readonly wait: () => Promise<void>;
  readonly wake: () => void;
  readonly leave: () => void;
}

interface Member extends Follower {
  readonly follows: (stream: string) => boolean;
}

/**
 * Wakes the open subscriptions of a store: at once the subscriptions to the streams that were appended to, the others at
 * the next tick of a timer, so that an append costs almost nothing for them. The timer never keeps the process alive.
 */
export class Followers {
  readonly #members = new Set<Member>();
  readonly #changedElsewhere: (() => boolean) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #unheard = false;

  /** @param changedElsewhere whether another process has written since the last call */
  constructor(changedElsewhere?: () => boolean) {
    this.#changedElsewhere = changedElsewhere;
  }

  join(prefixes: readonly string[] | undefined): Follower {
    let woken = false;
    let resolve: (() => void) | undefined;
    const member: Member = {
      follows: (stream) => prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true,
      wait: () =>
        new Promise((done) => {
          if (woken) done();
          else resolve = done;
          woken = false;
        }),
      wake: () => {
        woken = resolve === undefined;
        resolve?.();
        resolve = undefined;
      },
      leave: () => {
        this.#members.delete(member);
        if (this.#members.size === 0) this.#stop();
      },
    };
    this.#members.add(member);
    if (this.#changedElsewhere !== undefined && this.#timer === undefined) {
      this.#changedElsewhere();
      this.#start();
    }
    return member;
  }

  /** Wakes the subscriptions to these streams after an append of this process. */
  announce(streams: readonly string[]): void {
    for (const member of this.#members) {
      if (streams.some(member.follows)) member.wake();
      else this.#unheard = true;
    }
    if (this.#unheard) this.#start();
  }

  wakeAll(): void {
    this.#unheard = false;
    for (const member of this.#members) member.wake();
  }

  #start(): void {
    this.#timer ??= later('the look for new events', tickMs, () => {
      this.#timer = undefined;
      const changed = this.#mayHaveChanged();
      if (changed || this.#unheard) this.wakeAll();
      if (this.#changedElsewhere !== undefined && this.#members.size > 0) this.#start();
    }).unref();
  }

  /** Where the check fails, wakes all subscriptions: each reports the failure when it reads. */
  #mayHaveChanged(): boolean {
    try {
      return this.#changedElsewhere?.() ?? false;
    } catch {
      return true;
    }
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unheard = false;
  }
}
