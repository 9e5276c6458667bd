import type { Clock } from '../../ports.js';

/** An append that has no answer yet. */
export interface PendingAppend {
  readonly since: number;
  /** When it is given up, by the clock's `elapsed`. */
  readonly dueAt: number;
  /** Whether it goes over the batch stream. */
  readonly usesBatch: boolean;
  /** Called when it has been without an answer until `dueAt`; it is not pending any more then. */
  overdue(): void;
  fail(reason: string): void;
}

/** The appends of one client that have no answer yet. One timer serves them all: one each would cost more than the rest. */
export class PendingAppends implements Iterable<PendingAppend> {
  readonly #clock: Clock;
  readonly #pending = new Set<PendingAppend>();
  #firesAt = Infinity;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(append: PendingAppend): void {
    this.#pending.add(append);
    if (append.dueAt < this.#firesAt) this.#setTimer(append.dueAt);
  }

  delete(append: PendingAppend): void {
    this.#pending.delete(append);
    // A timer for nobody would keep the process from ending.
    if (this.#pending.size === 0) this.#setTimer(Infinity);
  }

  [Symbol.iterator](): Iterator<PendingAppend> {
    return this.#pending.values();
  }

  #setTimer(at: number): void {
    this.#cancel();
    this.#firesAt = at;
    this.#cancel =
      at === Infinity
        ? () => undefined
        : this.#clock.after(at - this.#clock.elapsed(), () => {
            this.#lookForOverdue();
          });
  }

  #lookForOverdue(): void {
    const now = this.#clock.elapsed();
    let next = Infinity;
    const overdue: PendingAppend[] = [];
    for (const append of this.#pending) {
      if (append.dueAt <= now) overdue.push(append);
      else next = Math.min(next, append.dueAt);
    }
    for (const append of overdue) this.#pending.delete(append);
    this.#setTimer(next);
    for (const append of overdue) append.overdue();
  }
}
