import type { JSONObject, JSONValue, RecordedEvent } from '../../ports.js';

/** A message of Emmett's table; numbers as their digits, under any parser that the application has set. */
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

/** A message as it was read. */
export interface Message {
  readonly stream: string;
  readonly version: bigint;
  readonly global: bigint;
  /** Of the transaction that wrote it. */
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
