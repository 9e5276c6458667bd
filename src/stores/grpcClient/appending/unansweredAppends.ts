import type { Clock } from '../../../ports.js';

/** An append that has no answer yet. */
export interface UnansweredAppend {
  readonly since: number;
  /** When the append is given up, by the clock's `elapsed`. */
  readonly dueAt: number;
  /** Whether the append goes over the batch stream. */
  readonly usesBatch: boolean;
  /** The index of its slot. */
  slot: number;
  /** Called at `dueAt` where the append has no answer. The append is removed from the list before the call. */
  overdue(): void;
  fail(reason: string): void;
}

/**
 * The appends of one client that have no answer yet. One timer serves all: a timer for each would cost more than all other
 * work here. The appends are kept in slots that are used again: a growing set leaves its old tables behind, which keep
 * answered appends alive beyond the collection of young objects.
 */
export class UnansweredAppends implements Iterable<UnansweredAppend> {
  readonly #clock: Clock;
  readonly #slots: (UnansweredAppend | undefined)[] = [];
  readonly #free: number[] = [];
  #firesAt = Infinity;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(append: UnansweredAppend): void {
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = append;
    append.slot = slot;
    if (append.dueAt < this.#firesAt) this.#setTimer(append.dueAt);
  }

  delete(append: UnansweredAppend): void {
    if (this.#slots[append.slot] !== append) return;
    this.#slots[append.slot] = undefined;
    this.#free.push(append.slot);
    // Without appends, stop the timer: it would keep the process alive.
    if (this.#free.length === this.#slots.length) this.#setTimer(Infinity);
  }

  *[Symbol.iterator](): Generator<UnansweredAppend> {
    for (const append of this.#slots) if (append) yield append;
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
    const overdue: UnansweredAppend[] = [];
    for (const append of this) {
      if (append.dueAt <= now) overdue.push(append);
      else next = Math.min(next, append.dueAt);
    }
    this.#setTimer(next);
    for (const append of overdue) this.delete(append);
    for (const append of overdue) append.overdue();
  }
}
