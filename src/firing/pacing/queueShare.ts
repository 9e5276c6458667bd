import { LinkedSet } from './linkedSet.js';

/** Something that waits for a place. */
export interface Waiting {
  /** Runs as soon as there is a place, which it takes. */
  start(place: Place): void;
  /** Runs where it has to leave a full queue in which others wait for less than their share. */
  drop(): void;
  readonly bytes: number;
}

/** A place that was taken. */
export interface Place {
  /** Gives it to the next that waits. A second call does nothing. */
  release(): void;
}

interface Entry {
  readonly waiting: Waiting;
  previous: Entry | undefined;
  next: Entry | undefined;
  isQueued: boolean;
}

/**
 * What runs and waits of all, of one instance, or of one target: a tree of three levels. What waits is kept by the targets,
 * the first and the last at hand, and may leave from the middle.
 */
export class QueueShare {
  readonly parent: QueueShare | undefined;
  readonly #key: string;
  readonly #children = new Map<string, QueueShare>();
  /** The children of which something waits; the one that was served last is the last. */
  readonly #queued = new LinkedSet<QueueShare>();
  /** The same children by how much waits of each, so that the one with most is found without a look at all of them. */
  readonly #byWaiting = new Map<number, LinkedSet<QueueShare>>();
  #mostWaiting = 0;
  #first: Entry | undefined;
  #last: Entry | undefined;
  #hasSeveral = false;
  running = 0;
  waiting = 0;
  bytes = 0;

  constructor(parent: QueueShare | undefined, key = '') {
    this.parent = parent;
    this.#key = key;
  }

  /** Whether it has had more than one child since something of it ran or waited. */
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

  /** Counts what starts (1) or ends (-1) to run, here and above. */
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

  /** @returns leaves the queue; does nothing for what is no longer in it */
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

  /** Takes what has waited longest, and lets the other targets and instances go first next time. */
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
    this.bytes += bytes;
    if (this.parent === undefined) return;
    if (this.waiting > 0) this.parent.#queued.add(this);
    else this.parent.#queued.delete(this);
    this.parent.#sort(this, this.waiting - waiting);
    this.parent.#count(waiting, bytes);
  }

  /** Notes how much waits of a child: one more or one less than `before`. */
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

  /** The child of which most waits; `latest` where no other has more. */
  longest(latest: QueueShare | undefined): QueueShare | undefined {
    if (latest?.parent === this && latest.waiting === this.#mostWaiting) return latest;
    return this.#byWaiting.get(this.#mostWaiting)?.first;
  }
}

/** The child that waits with most bytes; `latest` where no other has more. Looks at all that wait. */
export function heaviestOf(parent: QueueShare, latest: QueueShare | undefined): QueueShare | undefined {
  let heaviest = latest?.parent === parent ? latest : undefined;
  for (const child of parent.queued())
    if (heaviest === undefined || child.bytes > heaviest.bytes) heaviest = child;
  return heaviest;
}
