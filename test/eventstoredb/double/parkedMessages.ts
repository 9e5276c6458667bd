import { randomUUID } from 'node:crypto';
import type { EventStore } from './eventStore.js';
import { linkTo, linkType, resolveLink, type ResolvedEvent } from './resolveLink.js';
import type { StoredEvent } from './storedEvent.js';

/** The dead letters of a group: a stream of links with the reason in each link's metadata. */
export class ParkedMessages {
  readonly #store: EventStore;
  readonly #stream: string;

  constructor(store: EventStore, stream: string) {
    this.#store = store;
    this.#stream = stream;
  }

  get count(): number {
    const { current, firstRevision } = this.#store.stream(this.#stream);
    return Math.max(0, current + 1 - firstRevision);
  }

  park(event: StoredEvent, reason: string): void {
    const metadata = {
      added: new Date(this.#store.now).toISOString(),
      reason,
      subscriptionEventNumber: event.revision,
    };
    this.#store.append(this.#stream, 'any', [
      {
        id: randomUUID(),
        type: linkType,
        contentType: 'application/octet-stream',
        data: linkTo(event),
        metadata: Buffer.from(JSON.stringify(metadata)),
      },
    ]);
  }

  /** Takes them out, oldest first. @param before - the revision of the parked stream to stop before */
  take(before = Infinity): readonly ResolvedEvent[] {
    const stream = this.#store.stream(this.#stream);
    const end = Math.min(before, stream.current + 1);
    const taken: ResolvedEvent[] = [];
    for (let revision = stream.firstRevision; revision < end; revision++) {
      const link = stream.at(revision);
      const resolved = link && resolveLink(this.#store, link, true);
      if (resolved?.event) taken.push(resolved);
    }
    this.#truncate(end);
    return taken;
  }

  #truncate(before: number): void {
    this.#store.append(`$$${this.#stream}`, 'any', [
      {
        id: randomUUID(),
        type: '$metadata',
        contentType: 'application/json',
        data: Buffer.from(JSON.stringify({ $tb: before })),
        metadata: new Uint8Array(),
      },
    ]);
  }
}
