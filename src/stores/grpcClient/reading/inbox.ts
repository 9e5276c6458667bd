import type { Clock } from '../../../ports.js';

/** A source that can be paused. */
interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

/** The number of queued messages at which the source is paused. */
const highWaterMark = 512;
/** The size of the queued messages at which the source is paused. Bytes. */
const highWaterBytes = 16 * 1_048_576;

/**
 * An ordered queue between the client's events and the reader. The reader receives every message that arrived before the
 * end, and then the end.
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

  /** @param sizeOf - the bytes of a message; an event may have 16 MiB */
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

  /** Ends the queue. The reader receives an error after the last message. */
  close(error?: Error): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wake();
  }

  /** Discards the queued messages and ends the queue at once. */
  cancel(): void {
    this.#messages = [];
    this.#end = {};
    this.#wake();
  }

  /**
   * Takes all queued messages, in order; an empty list at the end. Waits for the first message, at most `limitMs` where
   * given.
   */
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
