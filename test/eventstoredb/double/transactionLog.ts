import { recordSize, type ProposedEvent, type StoredEvent } from './storedEvent.js';

/** The $all stream: every event in the order of its commit. It stays across a restart. */
export class TransactionLog {
  readonly #events: StoredEvent[] = [];
  readonly #watchers = new Set<() => void>();
  #end = 0;

  get length(): number {
    return this.#events.length;
  }

  /** The position of the next record. */
  get end(): number {
    return this.#end;
  }

  at(index: number): StoredEvent | undefined {
    return this.#events[index];
  }

  all(): readonly StoredEvent[] {
    return this.#events;
  }

  write(stream: string, revision: number, event: ProposedEvent, created: number): StoredEvent {
    const stored: StoredEvent = { ...event, stream, revision, created, position: this.#end };
    this.#events.push(stored);
    this.#end += recordSize(stream, event);
    return stored;
  }

  /** Called once per append, so that no reader sees half of one. */
  notify(): void {
    for (const watcher of this.#watchers) watcher();
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Index of the first event at or behind a position; the length when there is none. */
  indexFrom(position: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** EventStoreDB refuses a position in the log at which no event begins ("InvalidPosition"). */
  isValidPosition(position: number): boolean {
    return position >= this.#end || this.#events[this.indexFrom(position)]?.position === position;
  }
}
