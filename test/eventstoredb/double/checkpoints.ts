import { randomUUID } from 'node:crypto';
import type { EventStore } from './eventStore.js';
import type { GroupSettings } from './groupSettings.js';

/**
 * The progress of a group: up to the first event that no consumer has finished. It is written in steps, so a
 * restarted group delivers some events again.
 */
export class Checkpoints {
  readonly #store: EventStore;
  readonly #stream: string;
  readonly #text: (sequence: number) => string;
  #begun: { readonly sequence: number; isDone: boolean }[] = [];
  #reached: number | undefined;
  #sinceWritten = 0;
  #writtenAt: number;
  #written: number | undefined;

  constructor(store: EventStore, stream: string, text: (sequence: number) => string) {
    this.#store = store;
    this.#stream = stream;
    this.#text = text;
    this.#writtenAt = store.now;
  }

  /** The last written checkpoint. */
  get written(): number | undefined {
    return this.#written;
  }

  begin(sequence: number): void {
    this.#begun.push({ sequence, isDone: false });
  }

  /** Acknowledged, skipped or parked. */
  done(sequence: number, settings: GroupSettings): void {
    const begun = this.#begun.find((candidate) => candidate.sequence === sequence);
    if (begun) begun.isDone = true;
    const open = this.#begun.findIndex(({ isDone }) => !isDone);
    for (const { sequence: passed } of this.#begun.splice(0, open < 0 ? this.#begun.length : open)) {
      this.#reached = passed;
      this.#sinceWritten++;
    }
    const isDue = this.#store.now - this.#writtenAt >= settings.checkpointAfter;
    if (
      this.#sinceWritten >= settings.maxCheckpointCount ||
      (isDue && this.#sinceWritten >= settings.minCheckpointCount)
    )
      this.#write();
  }

  /** A killed server loses the unwritten progress. */
  restart(): void {
    this.#begun = [];
    this.#reached = this.#written;
    this.#sinceWritten = 0;
  }

  #write(): void {
    if (this.#reached === undefined || this.#sinceWritten === 0) return;
    this.#written = this.#reached;
    this.#writtenAt = this.#store.now;
    this.#sinceWritten = 0;
    this.#store.append(this.#stream, 'any', [
      {
        id: randomUUID(),
        type: 'SubscriptionCheckpoint',
        contentType: 'application/json',
        data: Buffer.from(JSON.stringify(this.#text(this.#reached))),
        metadata: new Uint8Array(),
      },
    ]);
  }
}
