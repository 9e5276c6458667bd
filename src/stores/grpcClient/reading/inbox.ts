import type { Clock } from '../../../ports.js';

/** A source that can be paused. */
export interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

/** The source is paused when this many messages wait. */
const highWaterMark = 512;
/** The source is paused when the waiting messages hold this much. Bytes. */
const highWaterBytes = 16 * 1_048_576;

/**
 * One ordered queue between the client's events and the reader. The reader gets every message that arrived before the end,
 * and then the end.
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

  /** Ends the queue; with an error, the reader gets it after the last message. */
  close(error?: Error): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wake();
  }

  /** Discards the messages that wait and ends the queue at once. */
  cancel(): void {
    this.#messages = [];
    this.#end = {};
    this.#wake();
  }

  /** All waiting messages, in order; empty at the end. Waits for the first one, for `limitMs` at most where it is given. */
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
