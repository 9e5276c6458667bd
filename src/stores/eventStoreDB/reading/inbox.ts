import type { Clock } from '../../../ports.js';

/** A source that can be held back. */
export interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

/** How many messages wait at the most before the source is held back. */
const highWaterMark = 512;

/**
 * One ordered queue between the client's events and whoever iterates. What arrived before the end is handed out before the
 * end is told.
 */
export class Inbox<Message> {
  readonly #clock: Clock;
  readonly #source: Pausable;
  #messages: Message[] = [];
  #end: { readonly error?: Error } | undefined;
  #wake: () => void = () => undefined;

  constructor(clock: Clock, source: Pausable) {
    this.#clock = clock;
    this.#source = source;
  }

  push(message: Message): void {
    if (this.#end !== undefined) return;
    this.#messages.push(message);
    if (this.#messages.length === highWaterMark) this.#source.pause();
    this.#wake();
  }

  /** Nothing more will come; with an error, whoever iterates is told after the last message. */
  close(error?: Error): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wake();
  }

  /** Discards what waits and ends at once. */
  cancel(): void {
    this.#messages = [];
    this.#end = {};
    this.#wake();
  }

  /** Everything that waits, in order; empty at the end. Waits for something, with a limit where one is given. */
  async take(limitMs: number | undefined, overdue: () => Error): Promise<readonly Message[]> {
    if (this.#messages.length === 0 && this.#end === undefined) await this.#arrival(limitMs, overdue);
    const messages = this.#messages;
    if (messages.length === 0 && this.#end?.error !== undefined) throw this.#end.error;
    this.#messages = [];
    if (messages.length >= highWaterMark) this.#source.resume();
    return messages;
  }

  #arrival(limitMs: number | undefined, overdue: () => Error): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancelTimer =
        limitMs === undefined
          ? () => undefined
          : this.#clock.after(limitMs, () => {
              this.#wake = () => undefined;
              reject(overdue());
            });
      this.#wake = () => {
        this.#wake = () => undefined;
        cancelTimer();
        resolve();
      };
    });
  }
}
