import { randomUUID } from 'node:crypto';
import { checkAppend, type Verdict } from './appendRules.js';
import type { ExpectedRevision } from './expectedRevision.js';
import { Stream } from './stream.js';
import { softDeletion, undeletedMetadata } from './streamMetadata.js';
import { tombstoneRevision, type ProposedEvent, type StoredEvent } from './storedEvent.js';
import { TransactionLog } from './transactionLog.js';

export type Refused = {
  readonly kind: 'wrong-expected-version' | 'stream-deleted';
  /** Revision of the stream's last event; -1 for none. */
  readonly current: number;
};

export type Written = {
  readonly kind: 'written';
  /** Revision of the last event of the append; -1 for an empty append to a missing stream. */
  readonly revision: number;
  readonly position: number;
};

/** The events of one stream in an append to several. */
export type StreamAppend = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
};

type WrittenTogether = {
  readonly kind: 'written';
  /** Revision of the last event, by stream. */
  readonly revisions: ReadonlyMap<string, number>;
  readonly position: number;
};

export type RefusedTogether = Refused & {
  readonly stream: string;
  readonly expected: ExpectedRevision;
};

const metadataPrefix = '$$';

const systemEvent = (type: string, data: Uint8Array | string): ProposedEvent => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from(data),
  metadata: new Uint8Array(),
});

const refusal = (verdict: Verdict, { current }: Stream): Refused => ({
  kind: verdict.kind === 'stream-deleted' ? verdict.kind : 'wrong-expected-version',
  current,
});

/** The database: a log, the streams in it, and the ids it remembers. */
export class EventStore {
  readonly log = new TransactionLog();
  readonly #streams = new Map<string, Stream>();
  readonly #now: () => number;
  /** In memory only: a real server forgets the ids at a restart. */
  readonly #remembered = new Map<string, StoredEvent>();

  constructor(now: () => number) {
    this.#now = now;
    this.startEpoch();
  }

  get now(): number {
    return this.#now();
  }

  stream(name: string): Stream {
    return this.#streams.get(name) ?? new Stream(name);
  }

  forgetIds(): void {
    this.#remembered.clear();
  }

  /** Every start of a leader writes an epoch record. */
  startEpoch(): void {
    this.#write('$epoch-information', [systemEvent('$epoch-information', '{}')]);
    this.log.notify();
  }

  append(name: string, expected: ExpectedRevision, events: readonly ProposedEvent[]): Written | Refused {
    const stream = this.stream(name);
    const ids = events.map(({ id }) => id);
    const verdict = this.#check(name, expected, ids);
    switch (verdict.kind) {
      case 'write': {
        if (stream.isSoftDeleted && events.length > 0) this.#undelete(stream);
        const last = this.#write(name, events);
        this.log.notify();
        return {
          kind: 'written',
          revision: last?.revision ?? stream.current,
          position: last?.position ?? this.#lastPosition,
        };
      }
      case 'replayed':
        return { kind: 'written', revision: verdict.last.revision, position: verdict.last.position };
      default:
        return refusal(verdict, stream);
    }
  }

  /** Appends all events or, where one expectation does not hold, none. Repeats by id are not recognised here. */
  appendTogether(
    appends: readonly StreamAppend[],
    checks: readonly StreamAppend[] = [],
  ): WrittenTogether | RefusedTogether {
    for (const { stream, expected } of [...checks, ...appends]) {
      const verdict = this.#check(stream, expected, [randomUUID()]);
      if (verdict.kind !== 'write') return { ...refusal(verdict, this.stream(stream)), stream, expected };
    }
    const revisions = new Map<string, number>();
    for (const { stream, events } of appends)
      revisions.set(stream, this.#write(stream, events)?.revision ?? this.stream(stream).current);
    this.log.notify();
    return { kind: 'written', revisions, position: this.#lastPosition };
  }

  /** Deletes softly: the next append continues the numbering. */
  delete(name: string, expected: ExpectedRevision): Written | Refused {
    const stream = this.stream(name);
    const verdict = this.#check(name, expected, [randomUUID()]);
    if (verdict.kind !== 'write') return refusal(verdict, stream);
    // Unlike an append, a soft delete under "any" needs an existing stream.
    if (stream.current < 0 && expected === 'any') return refusal({ kind: 'wrong-expected-version' }, stream);
    return this.#append(`${metadataPrefix}${name}`, systemEvent('$metadata', softDeletion));
  }

  tombstone(name: string, expected: ExpectedRevision): Written | Refused {
    const verdict = this.#check(name, expected, [randomUUID()]);
    if (verdict.kind !== 'write') return refusal(verdict, this.stream(name));
    return this.#append(name, systemEvent('$streamDeleted', ''), tombstoneRevision);
  }

  get #lastPosition(): number {
    return this.log.at(this.log.length - 1)?.position ?? 0;
  }

  #check(name: string, expected: ExpectedRevision, ids: readonly string[]): Verdict {
    if (name.startsWith(metadataPrefix) && this.stream(name.slice(metadataPrefix.length)).isTombstoned)
      return { kind: 'stream-deleted' };
    const facts = {
      stream: this.stream(name),
      currentMetadata: this.stream(`${metadataPrefix}${name}`).current,
      remembered: (id: string) => this.#remembered.get(id),
    };
    return checkAppend(facts, expected, ids);
  }

  #undelete(stream: Stream): void {
    const data = undeletedMetadata(stream.metadata, stream.current + 1);
    this.#write(`${metadataPrefix}${stream.name}`, [systemEvent('$metadata', data)]);
  }

  #append(name: string, event: ProposedEvent, revision?: number): Written {
    const last = this.#write(name, [event], revision);
    this.log.notify();
    return { kind: 'written', revision: last?.revision ?? 0, position: last?.position ?? 0 };
  }

  #write(name: string, events: readonly ProposedEvent[], revision?: number): StoredEvent | undefined {
    let last: StoredEvent | undefined;
    for (const event of events) {
      const stream = this.#open(name);
      last = this.log.write(name, revision ?? stream.current + 1, event, this.#now());
      stream.add(last);
      this.#remembered.set(event.id, last);
      if (name.startsWith(metadataPrefix))
        this.#open(name.slice(metadataPrefix.length)).setMetadata(event.data);
    }
    return last;
  }

  #open(name: string): Stream {
    const known = this.#streams.get(name);
    if (known) return known;
    const stream = new Stream(name);
    this.#streams.set(name, stream);
    return stream;
  }
}
