import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { messages } from './protocol.js';
import { fillRecordedEvent, streamIdentifier } from './recordedEvent.js';
import type { ResolvedEvent } from './resolveLink.js';
import type { StoredEvent } from './storedEvent.js';

const { ReadResp } = messages.streams;

const recorded = (event: StoredEvent): streams.ReadResp.ReadEvent.RecordedEvent =>
  fillRecordedEvent(new ReadResp.ReadEvent.RecordedEvent(), event);

export const eventResponse = ({ event, link }: ResolvedEvent): streams.ReadResp => {
  const message = new ReadResp.ReadEvent();
  if (event) message.setEvent(recorded(event));
  if (link) message.setLink(recorded(link));
  const original = link ?? event;
  if (original) message.setCommitPosition(String(original.position));
  return new ReadResp().setEvent(message);
};

export const streamNotFoundResponse = (stream: string): streams.ReadResp =>
  new ReadResp().setStreamNotFound(
    new ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(stream)),
  );

export const confirmationResponse = (id: string): streams.ReadResp =>
  new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(id));

export const checkpointResponse = ({ position }: StoredEvent): streams.ReadResp =>
  new ReadResp().setCheckpoint(
    new ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position)),
  );

export const caughtUpResponse = (): streams.ReadResp => new ReadResp().setCaughtUp(new ReadResp.CaughtUp());
