import type { Writable } from 'node:stream';
import type { Failure } from './trailers.js';

/** The part of a server call that sends. */
type SendingCall = Writable & { readonly cancelled: boolean };

/** Sends as fast as the reader reads: a slow reader delays its call, and not the server. */
export class ResponseStream<Message> {
  readonly #call: SendingCall;

  constructor(call: SendingCall) {
    this.#call = call;
  }

  get isOpen(): boolean {
    return !this.#call.cancelled && !this.#call.destroyed && !this.#call.writableEnded;
  }

  /** False when the caller has to wait for the reader. */
  send(message: Message): boolean {
    return this.isOpen && this.#call.write(message);
  }

  /** Resolves when there is room again, or the reader is gone. */
  async drained(): Promise<void> {
    await this.until('drain', (resume) => {
      if (!this.#call.writableNeedDrain) resume();
    });
  }

  /** Resolves with the event or the end of the call, the first of the two; `start` may resolve it at once. */
  async until(event: 'drain' | 'close', start: (resume: () => void) => void): Promise<void> {
    await new Promise<void>((resolve) => {
      const events = new Set([event, 'close', 'cancelled']);
      const resume = (): void => {
        for (const name of events) this.#call.off(name, resume);
        resolve();
      };
      for (const name of events) this.#call.on(name, resume);
      start(resume);
      if (!this.isOpen) resume();
    });
  }

  end(): void {
    if (this.isOpen) this.#call.end();
  }

  /** `destroy(error)` would lose the trailers. */
  fail(failure: Failure): void {
    if (this.isOpen) this.#call.emit('error', failure);
  }
}
