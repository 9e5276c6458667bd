import type { JSONObject, JSONValue, RecordedEvent } from '../../ports.js';

/**
 * A row of Emmett's table of messages. Numbers are text, so that a parser that the application has set cannot change them.
 */
export interface MessageRow {
  readonly stream: string;
  readonly version: string;
  readonly global: string;
  readonly transaction: string;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly created: number;
}

/** A parsed message. */
export interface Message {
  readonly stream: string;
  readonly version: bigint;
  readonly global: bigint;
  /** The number of the transaction that wrote the message. */
  readonly transaction: bigint;
  readonly row: MessageRow;
}

export const messageOf = (row: MessageRow): Message => ({
  stream: row.stream,
  version: BigInt(row.version),
  global: BigInt(row.global),
  transaction: BigInt(row.transaction),
  row,
});

export const recordedMessage = ({ stream, version, row }: Message, position: bigint): RecordedEvent => ({
  stream,
  id: row.id,
  type: row.type,
  data: JSON.parse(row.data) as JSONValue,
  metadata: (JSON.parse(row.metadata) ?? {}) as JSONObject,
  version,
  position,
  created: new Date(row.created),
});
