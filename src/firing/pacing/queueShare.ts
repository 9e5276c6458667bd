import { LinkedSet } from './linkedSet.js';
import { WeightHeap } from './weightHeap.js';

/** A call that waits for a place. */
export interface Waiting {
  /** Runs as soon as there is a place, and takes it. */
  start(place: Place): void;
  /** Runs where a full queue drops the call because its target waits with more than its share. */
  drop(): void;
  readonly bytes: number;
}

/** A place that a call holds. */
export interface Place {
  /** Passes the place to the next waiting call. A second call does nothing. */
  release(): void;
}

interface Entry {
  readonly waiting: Waiting;
  previous: Entry | undefined;
  next: Entry | undefined;
  isQueued: boolean;
}

/**
 * The running and waiting calls of everyone, of one instance, or of one target: a tree of three levels. The targets
 * hold the waiting calls, with direct access to the first and the last; a call may leave from the middle.
 */
export class QueueShare {
  readonly parent: QueueShare | undefined;
  readonly #key: string;
  readonly #children = new Map<string, QueueShare>();
  /** The children with waiting calls; the child that was served last is the last. */
  readonly #queued = new LinkedSet<QueueShare>();
  /** The same children by their number of waiting calls, so that the longest is found without visiting all of them. */
  readonly #byWaiting = new Map<number, LinkedSet<QueueShare>>();
  #mostWaiting = 0;
  /** The same children by their waiting bytes. */
  readonly #byBytes = new WeightHeap<QueueShare>((child) => child.bytes);
  #bytes = 0;
  #first: Entry | undefined;
  #last: Entry | undefined;
  #hasSeveral = false;
  running = 0;
  waiting = 0;

  constructor(parent: QueueShare | undefined, key = '') {
    this.parent = parent;
    this.#key = key;
  }

  /** Bytes of all calls that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether more than one child has had calls since the last call here ended. */
  get hasSeveral(): boolean {
    return this.#hasSeveral;
  }

  queued(): Iterable<QueueShare> {
    return this.#queued;
  }

  child(key: string): QueueShare {
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const child = new QueueShare(this, key);
    this.#children.set(key, child);
    if (this.#children.size > 1) this.#hasSeveral = true;
    return child;
  }

  /** Adds 1 for a call that starts, -1 for a call that ends, here and in the parents. */
  run(change: 1 | -1): void {
    this.running += change;
    this.parent?.run(change);
    if (change === -1) this.forgetIfIdle();
  }

  forgetIfIdle(): void {
    if (this.running > 0 || this.waiting > 0 || this.parent === undefined) return;
    this.parent.#children.delete(this.#key);
    this.parent.forgetIfIdle();
  }

  /** @returns removes the call from the queue; does nothing when it has left already */
  enqueue(waiting: Waiting): () => void {
    const entry: Entry = { waiting, previous: this.#last, next: undefined, isQueued: true };
    if (this.#last === undefined) this.#first = entry;
    else this.#last.next = entry;
    this.#last = entry;
    this.#count(1, waiting.bytes);
    return () => {
      this.#remove(entry);
    };
  }

  /** Takes the call that has waited longest, and puts its target and its instance last in their orders. */
  takeFirst(): Waiting | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    for (let share = this as QueueShare; share.parent !== undefined; share = share.parent) {
      share.parent.#queued.delete(share);
      share.parent.#queued.add(share);
    }
    this.#remove(first);
    return first.waiting;
  }

  takeLast(): Waiting | undefined {
    const last = this.#last;
    if (last !== undefined) this.#remove(last);
    return last?.waiting;
  }

  #remove(entry: Entry): void {
    if (!entry.isQueued) return;
    entry.isQueued = false;
    if (entry.previous === undefined) this.#first = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next === undefined) this.#last = entry.previous;
    else entry.next.previous = entry.previous;
    this.#count(-1, -entry.waiting.bytes);
    this.forgetIfIdle();
  }

  #count(waiting: 1 | -1, bytes: number): void {
    this.waiting += waiting;
    this.#bytes += bytes;
    if (this.parent === undefined) return;
    if (this.waiting > 0) {
      this.parent.#queued.add(this);
      this.parent.#byBytes.put(this);
    } else {
      this.parent.#queued.delete(this);
      this.parent.#byBytes.delete(this);
    }
    this.parent.#sort(this, this.waiting - waiting);
    this.parent.#count(waiting, bytes);
  }

  /** Updates the number of waiting calls of a child: one more or one less than `before`. */
  #sort(child: QueueShare, before: number): void {
    const left = this.#byWaiting.get(before);
    left?.delete(child);
    if (left?.size === 0) this.#byWaiting.delete(before);
    if (child.waiting > 0) {
      const joined = this.#byWaiting.get(child.waiting) ?? new LinkedSet();
      this.#byWaiting.set(child.waiting, joined);
      joined.add(child);
    }
    if (child.waiting > this.#mostWaiting) this.#mostWaiting = child.waiting;
    else if (!this.#byWaiting.has(this.#mostWaiting)) this.#mostWaiting -= 1;
  }

  /** The child with the most waiting calls; `latest` where no other child has more. */
  longest(latest: QueueShare | undefined): QueueShare | undefined {
    if (latest?.parent === this && latest.waiting === this.#mostWaiting) return latest;
    return this.#byWaiting.get(this.#mostWaiting)?.first;
  }
  /** The child with the most waiting bytes; `latest` where no other child has more. */
  heaviest(latest: QueueShare | undefined): QueueShare | undefined {
    const heaviest = this.#byBytes.first;
    return latest?.parent === this && latest.bytes === heaviest?.bytes ? latest : heaviest;
  }
}
