import { valueSize } from '../../lib/json/valueSize.js';
import type { RecordedEvent } from '../../ports.js';
import type { Holder } from '../progress/lane.js';

/** The events that one reader has in memory: it waits while there are too many, or they are too large. */
export class Window implements Holder {
  readonly #most: number;
  readonly #mostBytes: number;
  /** How many events a reader that waited takes at least. */
  readonly #batch: number;
  readonly #sizes = new Map<RecordedEvent, { readonly bytes: number; count: number }>();
  #count = 0;
  #bytes = 0;
  #waiting: (() => void)[] = [];

  constructor(most: number, mostBytes: number) {
    this.#most = most;
    this.#mostBytes = mostBytes;
    this.#batch = Math.ceil(most / 16);
  }

  get isFull(): boolean {
    return this.#count >= this.#most || this.#bytes >= this.#mostBytes;
  }

  get isHalfFull(): boolean {
    return this.#count >= this.#most / 2 || this.#bytes >= this.#mostBytes / 2;
  }

  /** Holds an event for one target. An event that several targets wait for counts once for each. */
  hold(event: RecordedEvent): void {
    const known = this.#sizes.get(event);
    this.#count++;
    if (known) known.count++;
    else {
      const bytes = valueSize(event.data) + 200;
      this.#sizes.set(event, { bytes, count: 1 });
      this.#bytes += bytes;
    }
  }

  release(event: RecordedEvent): void {
    const known = this.#sizes.get(event);
    if (!known) return;
    this.#count--;
    known.count--;
    if (known.count === 0) {
      this.#sizes.delete(event);
      this.#bytes -= known.bytes;
    }
    // Let the reader go on for several events at once: waking it costs more than the event that it reads.
    if (this.#waiting.length === 0 || this.isFull || this.#count > this.#most - this.#batch) return;
    this.wake();
  }

  /** Resolves when there is room for a batch of events, or with the next `wake`. */
  room(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}
