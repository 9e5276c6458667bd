import { isSoftDeletion, noMetadata, readStreamMetadata, type StreamMetadata } from './streamMetadata.js';
import { tombstoneRevision, type StoredEvent } from './storedEvent.js';

/** One stream's index into the log: the event of revision n is the nth. */
export class Stream {
  readonly name: string;
  readonly #events: StoredEvent[] = [];
  #metadata: StreamMetadata = noMetadata;
  #metadataText: Uint8Array = new Uint8Array();
  #tombstone: StoredEvent | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Revision of the last event; -1 for a stream that never had one. */
  get current(): number {
    return this.#events.length - 1;
  }

  get metadata(): Uint8Array {
    return this.#metadataText;
  }

  get isTombstoned(): boolean {
    return this.#tombstone !== undefined;
  }

  get tombstone(): StoredEvent | undefined {
    return this.#tombstone;
  }

  get isSoftDeleted(): boolean {
    return isSoftDeletion(this.#metadata);
  }

  /** Whether a reader gets "stream not found". */
  get isMissing(): boolean {
    return this.#events.length === 0 || this.isSoftDeleted;
  }

  add(event: StoredEvent): void {
    if (event.revision === tombstoneRevision) this.#tombstone = event;
    else this.#events.push(event);
  }

  setMetadata(data: Uint8Array): void {
    this.#metadataText = data;
    this.#metadata = readStreamMetadata(data);
  }

  at(revision: number): StoredEvent | undefined {
    return this.#events[revision];
  }

  get firstRevision(): number {
    return Math.max(this.#metadata.truncateBefore, this.#events.length - this.#metadata.maxCount, 0);
  }

  isReadable(event: StoredEvent, now: number): boolean {
    return event.revision >= this.firstRevision && now - event.created <= this.#metadata.maxAge;
  }
}
