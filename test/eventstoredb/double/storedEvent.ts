/** An event of a client, with the names of the protocol's ProposedMessage. */
export type ProposedEvent = {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
};

/** A proposed event after its commit. */
export type StoredEvent = ProposedEvent & {
  readonly stream: string;
  readonly revision: number;
  /** Commit and prepare position at once: one append is one implicit transaction. */
  readonly position: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
};

/** Stands for int64's largest value, the revision of a tombstone, which no JavaScript number holds exactly. */
export const tombstoneRevision = Number.MAX_SAFE_INTEGER;

const int64Max = '9223372036854775807';

export const revisionText = (revision: number): string =>
  revision === tombstoneRevision ? int64Max : String(revision);

/** The size of a log record without text and payload: framing, flags, ids, time. */
const recordOverhead = 88;

/** Positions grow by the size of the written record, not by one. */
export const recordSize = (stream: string, event: ProposedEvent): number =>
  recordOverhead +
  Buffer.byteLength(stream) +
  Buffer.byteLength(event.type) +
  event.data.length +
  event.metadata.length;
