/** A call that waits for a position. */
export interface Waiter {
  readonly isSettled: boolean;
  resolve(): void;
  reject(reason: unknown): void;
}

interface Place {
  readonly position: bigint;
  readonly waiter: Waiter;
}

/** Waiters in the order of the positions that they wait for. */
interface WaitingPositions {
  readonly size: number;
  add(position: bigint, waiter: Waiter): void;
  /** Removes and returns those at or before `position`, the first one first. */
  takeUpTo(position: bigint): Iterable<Waiter>;
  takeAll(): Iterable<Waiter>;
  /** Counts an aborted waiter; once half of the waiters are aborted, all aborted ones are dropped. */
  noteAbort(): void;
}

/** A binary heap: n waiters and n positions cost O(n log n) together, not O(n²). */
export function createWaitingPositions(): WaitingPositions {
  let heap: Place[] = [];
  let aborted = 0;

  const isBefore = (left: number, right: number): boolean => {
    const [a, b] = [heap[left], heap[right]];
    return a !== undefined && b !== undefined && a.position < b.position;
  };

  function swap(left: number, right: number): void {
    const [a, b] = [heap[left], heap[right]];
    if (a && b) [heap[left], heap[right]] = [b, a];
  }

  function rise(place: number): void {
    for (let at = place; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!isBefore(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  }

  function sink(place: number): void {
    for (let at = place; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let first = isBefore(left, at) ? left : at;
      if (isBefore(right, first)) first = right;
      if (first === at) return;
      swap(at, first);
      at = first;
    }
  }

  function takeFirst(): Place | undefined {
    const [first] = heap;
    const last = heap.pop();
    if (heap.length > 0 && last) {
      heap[0] = last;
      sink(0);
    }
    return first;
  }

  return {
    get size() {
      return heap.length;
    },
    add(position, waiter) {
      heap.push({ position, waiter });
      rise(heap.length - 1);
    },
    *takeUpTo(position) {
      while (heap[0] && heap[0].position <= position) {
        const taken = takeFirst();
        if (taken?.waiter.isSettled) aborted--;
        else if (taken) yield taken.waiter;
      }
    },
    *takeAll() {
      const all = heap;
      heap = [];
      aborted = 0;
      for (const { waiter } of all) if (!waiter.isSettled) yield waiter;
    },
    noteAbort() {
      if (++aborted * 2 <= heap.length) return;
      // A sorted array is a heap.
      heap = heap
        .filter(({ waiter }) => !waiter.isSettled)
        .sort((left, right) =>
          left.position < right.position ? -1 : left.position > right.position ? 1 : 0,
        );
      aborted = 0;
    },
  };
}
