import type { Clock } from '../../../ports.js';

/** A source that can be held back. */
export interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

/** How many messages wait at the most before the source is held back. */
const highWaterMark = 512;
/** How much they hold at the most before it is. Bytes. */
const highWaterBytes = 16 * 1_048_576;

/**
 * One ordered queue between the client's events and whoever iterates. What arrived before the end is handed out before the
 * end is told.
 */
export class Inbox<Message> {
  readonly #clock: Clock;
  readonly #source: Pausable;
  readonly #sizeOf: (message: Message) => number;
  #messages: Message[] = [];
  #bytes = 0;
  #isHeldBack = false;
  #end: { readonly error?: Error } | undefined;
  #wake: () => void = () => undefined;

  /** @param sizeOf - bytes that a message holds; events may be 16 MiB each */
  constructor(clock: Clock, source: Pausable, sizeOf: (message: Message) => number = () => 0) {
    this.#clock = clock;
    this.#source = source;
    this.#sizeOf = sizeOf;
  }

  push(message: Message): void {
    if (this.#end !== undefined) return;
    this.#messages.push(message);
    this.#bytes += this.#sizeOf(message);
    if (!this.#isHeldBack && (this.#messages.length >= highWaterMark || this.#bytes >= highWaterBytes)) {
      this.#isHeldBack = true;
      this.#source.pause();
    }
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
    this.#bytes = 0;
    if (this.#isHeldBack) {
      this.#isHeldBack = false;
      this.#source.resume();
    }
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
