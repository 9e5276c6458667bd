import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { putSentFace } from './sentFace.js';

const sending = new AsyncLocalStorage<LateSend>();

/**
 * The sending of a response that was judged. Middleware before the guard may send it late, as middleware that saves
 * a session first does: until then the response keeps looking sent to its handler, so that the handler adds nothing
 * to it.
 */
export class LateSend {
  readonly #response: ServerResponse;
  readonly #copy: ServerResponse;
  readonly #isOwnCode: () => boolean;
  #isOver = false;

  /**
   * @param copy - the response as its handler sees it
   * @param isOwnCode - whether the running code belongs to the request
   */
  constructor(response: ServerResponse, copy: ServerResponse, isOwnCode: () => boolean) {
    this.#response = response;
    this.#copy = copy;
    this.#isOwnCode = isOwnCode;
  }

  /** Runs code that sends the response. Work that it starts belongs to the sending, also when it runs later. */
  run(send: () => void): void {
    sending.run(this, send);
    if (this.#response.writableEnded || this.#response.destroyed) {
      this.#isOver = true;
      return;
    }
    putSentFace(this.#response, this.#copy, () => this.isHandler);
    for (const event of ['finish', 'close'])
      this.#response.prependOnceListener(event, () => {
        this.#isOver = true;
      });
  }

  /** Whether the response is not sent yet. */
  get isWaiting(): boolean {
    return !this.#isOver;
  }

  /** Whether the running code is the handler's, and the response is not sent yet. */
  get isHandler(): boolean {
    return !this.#isOver && sending.getStore() !== this && this.#isOwnCode();
  }
}
