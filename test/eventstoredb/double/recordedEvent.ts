import type shared from '@eventstore/db-client/generated/shared_pb.js';
import { messages } from './protocol.js';
import { revisionText, type StoredEvent } from './storedEvent.js';

/** The RecordedEvent of the streams service and that of the persistent subscriptions are two classes of one shape. */
type RecordedEvent = {
  setId(id: shared.UUID): RecordedEvent;
  setStreamIdentifier(stream: shared.StreamIdentifier): RecordedEvent;
  setStreamRevision(revision: string): RecordedEvent;
  setPreparePosition(position: string): RecordedEvent;
  setCommitPosition(position: string): RecordedEvent;
  getMetadataMap(): { set(key: string, value: string): unknown };
  setCustomMetadata(metadata: Uint8Array): RecordedEvent;
  setData(data: Uint8Array): RecordedEvent;
};

/** .NET counts time in units of 100 nanoseconds. */
const ticks = (milliseconds: number): string => `${milliseconds}0000`;

export const streamIdentifier = (name: string): shared.StreamIdentifier =>
  new messages.shared.StreamIdentifier().setStreamName(Buffer.from(name, 'utf8'));

export const streamName = (identifier: shared.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

export const uuid = (id: string): shared.UUID => new messages.shared.UUID().setString(id);

export const fillRecordedEvent = <Message extends RecordedEvent>(
  message: Message,
  event: StoredEvent,
): Message => {
  const position = String(event.position);
  message
    .setId(uuid(event.id))
    .setStreamIdentifier(streamIdentifier(event.stream))
    .setStreamRevision(revisionText(event.revision))
    .setPreparePosition(position)
    .setCommitPosition(position)
    .setCustomMetadata(event.metadata)
    .setData(event.data);
  const metadata = message.getMetadataMap();
  metadata.set('type', event.type);
  metadata.set('content-type', event.contentType);
  metadata.set('created', ticks(event.created));
  return message;
};
