import type { ResolvedEvent } from './resolveLink.js';
import type { Failure } from './trailers.js';

/** A message of a group on its way to a consumer. */
export type Delivery = {
  /** By which the consumer acknowledges it: that of the link, if there is one. */
  readonly id: string;
  readonly resolved: ResolvedEvent;
  readonly retryCount: number;
  /** For the checkpoint; undefined for what was parked before. */
  readonly sequence: number | undefined;
};

/** The server's end of one consumer's call. */
export type ConsumerCall = {
  readonly name: string;
  readonly peer: string;
  /** How many unanswered messages it takes. */
  readonly bufferSize: number;
  readonly send: (delivery: Delivery) => void;
  readonly drop: (failure: Failure) => void;
};

/** One consumer and what it has not answered yet. */
export class Consumer {
  readonly call: ConsumerCall;
  readonly #unanswered = new Map<string, { readonly delivery: Delivery; readonly due: number }>();

  constructor(call: ConsumerCall) {
    this.call = call;
  }

  get inFlight(): number {
    return this.#unanswered.size;
  }

  get room(): number {
    return this.call.bufferSize - this.#unanswered.size;
  }

  /** When its first message runs out of time; Infinity for none. */
  get due(): number {
    let first = Infinity;
    for (const { due } of this.#unanswered.values()) first = Math.min(first, due);
    return first;
  }

  deliver(delivery: Delivery, due: number): void {
    this.#unanswered.set(delivery.id, { delivery, due });
    this.call.send(delivery);
  }

  /** The message is answered; undefined when it is not the consumer's any more. */
  take(id: string): Delivery | undefined {
    const delivery = this.#unanswered.get(id)?.delivery;
    this.#unanswered.delete(id);
    return delivery;
  }

  takeOverdue(now: number): readonly Delivery[] {
    return [...this.#unanswered].flatMap(([id, { due }]) => (due <= now ? (this.take(id) ?? []) : []));
  }
}
