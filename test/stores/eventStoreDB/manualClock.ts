import type { Clock } from '../../../src/ports.js';

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** Time that only moves when the test says so. */
export class ManualClock implements Clock {
  #time = 0;
  readonly #timers = new Set<Timer>();
  readonly #observers = new Set<() => void>();

  now(): number {
    return this.#time;
  }

  elapsed(): number {
    return this.#time;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.#time + milliseconds, action };
    this.#timers.add(timer);
    for (const observer of this.#observers) observer();
    return () => this.#timers.delete(timer);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Resolves as soon as so many timers run. */
  async started(count: number): Promise<void> {
    while (this.#timers.size < count)
      await new Promise<void>((resolve) => {
        const observer = () => {
          this.#observers.delete(observer);
          resolve();
        };
        this.#observers.add(observer);
      });
  }

  advance(milliseconds: number): void {
    this.#time += milliseconds;
    for (const timer of [...this.#timers].sort((a, b) => a.at - b.at)) {
      if (timer.at > this.#time) break;
      this.#timers.delete(timer);
      timer.action();
    }
  }
}
