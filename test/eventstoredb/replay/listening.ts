import { setTimeout as delay } from 'node:timers/promises';
import type { Position } from '@eventstore/db-client';
import { failureAnswer, type Naming } from './naming.js';
import { originalEvent, shownEvent, type Resolved } from './shownEvent.js';

export type Patience = {
  /** The time limit for expected messages. Milliseconds. */
  readonly expected: number;
  /** The time in which no further message may arrive. Milliseconds. */
  readonly quiet: number;
};

type Listened = {
  on(event: 'data', listener: (event: Resolved) => void): unknown;
  on(event: 'confirmation' | 'caughtUp', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  unsubscribe(): Promise<void>;
};

/** All messages of one subscription, in order. */
export class Listening {
  readonly #subscription: Listened;
  readonly #naming: Naming;
  readonly #patience: Patience;
  #heard: string[] = [];
  #checkpoint: Position | undefined;
  #last: Position | undefined;
  #order = 'ordered';
  #news: (() => void) | undefined;

  constructor(
    subscription: Listened,
    naming: Naming,
    patience: Patience,
    react: (event: Resolved) => string = () => '',
  ) {
    this.#subscription = subscription;
    this.#naming = naming;
    this.#patience = patience;
    subscription.on('data', (event) => {
      const { streamId, position } = originalEvent(event);
      if (naming.isOurs(streamId)) this.#hear(shownEvent(event) + react(event));
      if (this.#checkpoint && position && position.commit <= this.#checkpoint.commit)
        this.#order = 'event at or behind a checkpoint';
      this.#last = position ?? this.#last;
    });
    for (const name of ['confirmation', 'caughtUp'] as const)
      subscription.on(name, () => {
        this.#hear(name);
      });
    subscription.on('error', (error) => {
      this.#hear(JSON.stringify(naming.plain(failureAnswer(error))));
    });
  }

  get order(): string {
    return this.#order;
  }

  get sawCheckpoints(): boolean {
    return this.#checkpoint !== undefined;
  }

  reachCheckpoint(position: Position): void {
    if (this.#last && position.commit < this.#last.commit)
      this.#order = 'checkpoint behind a delivered event';
    this.#checkpoint = position;
  }

  /** The messages since the last call: waits for `count` entries, and then a little for unexpected ones. */
  async take(count: number): Promise<string[]> {
    const deadline = Date.now() + this.#patience.expected;
    while (this.#heard.length < count && Date.now() < deadline)
      await Promise.race([new Promise<void>((news) => (this.#news = news)), delay(this.#patience.quiet)]);
    await delay(this.#patience.quiet);
    const heard = this.#heard;
    this.#heard = [];
    return heard;
  }

  async stop(): Promise<void> {
    await this.#subscription.unsubscribe();
  }

  #hear(entry: string): void {
    this.#heard.push(this.#naming.plain(entry) as string);
    this.#news?.();
  }
}
