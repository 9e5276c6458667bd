import type { ResolvedEvent } from './resolveLink.js';
import type { Failure } from './trailers.js';

/** A message of a group on its way to a consumer. */
export type Delivery = {
  /** The id by which the consumer acknowledges it: that of the link, if there is one. */
  readonly id: string;
  readonly resolved: ResolvedEvent;
  readonly retryCount: number;
  /** The place for the checkpoint; undefined for a message that was parked before. */
  readonly sequence: number | undefined;
};

/** The server's end of one consumer's call. */
export type ConsumerCall = {
  readonly name: string;
  readonly peer: string;
  /** The most unanswered messages that it takes. */
  readonly bufferSize: number;
  readonly send: (delivery: Delivery) => void;
  readonly drop: (failure: Failure) => void;
};

/** One consumer and its unanswered messages. */
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

  /** The deadline of its first message; Infinity for none. */
  get due(): number {
    let first = Infinity;
    for (const { due } of this.#unanswered.values()) first = Math.min(first, due);
    return first;
  }

  deliver(delivery: Delivery, due: number): void {
    this.#unanswered.set(delivery.id, { delivery, due });
    this.call.send(delivery);
  }

  /** Removes an answered message; undefined when the consumer no longer has it. */
  take(id: string): Delivery | undefined {
    const delivery = this.#unanswered.get(id)?.delivery;
    this.#unanswered.delete(id);
    return delivery;
  }

  takeOverdue(now: number): readonly Delivery[] {
    return [...this.#unanswered].flatMap(([id, { due }]) => (due <= now ? (this.take(id) ?? []) : []));
  }
}
