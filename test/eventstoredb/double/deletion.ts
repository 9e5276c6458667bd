import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { messages } from './protocol.js';
import type { Refused, Written } from './eventStore.js';
import { readExpectedRevision, type ExpectedRevision } from './expectedRevision.js';
import type { Node } from './node.js';
import { streamName } from './recordedEvent.js';
import { refuseCall } from './refuseCall.js';
import { accessDenied, streamDeleted, wrongExpectedVersion, type Failure } from './trailers.js';

type Options = streams.DeleteReq.Options | streams.TombstoneReq.Options;

const perform = (
  node: Node,
  options: Options | undefined,
  act: (stream: string, expected: ExpectedRevision) => Written | Refused,
): Written | Failure => {
  if (node.faults.denied.appends) return accessDenied();
  const stream = streamName(options?.getStreamIdentifier());
  const exact = options?.hasRevision() ? options.getRevision() : undefined;
  const expected = options ? readExpectedRevision(options, exact) : 'any';
  const outcome = act(stream, expected);
  if (outcome.kind === 'written') return outcome;
  return outcome.kind === 'stream-deleted'
    ? streamDeleted(stream)
    : wrongExpectedVersion(stream, expected, outcome.current);
};

/** Streams/Delete: the soft delete. */
export const deleteStream =
  (node: Node) =>
  (
    call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>,
    respond: sendUnaryData<streams.DeleteResp>,
  ): void => {
    const outcome =
      refuseCall(node, 'append', call.metadata) ??
      perform(node, call.request.getOptions(), (stream, expected) => node.store.delete(stream, expected));
    if (outcome instanceof Error) {
      respond(outcome);
      return;
    }
    const text = String(outcome.position);
    const position = new messages.streams.DeleteResp.Position()
      .setCommitPosition(text)
      .setPreparePosition(text);
    respond(null, new messages.streams.DeleteResp().setPosition(position));
  };

/** Streams/Tombstone: the stream can never be written or read again. */
export const tombstoneStream =
  (node: Node) =>
  (
    call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>,
    respond: sendUnaryData<streams.TombstoneResp>,
  ): void => {
    const outcome =
      refuseCall(node, 'append', call.metadata) ??
      perform(node, call.request.getOptions(), (stream, expected) => node.store.tombstone(stream, expected));
    if (outcome instanceof Error) {
      respond(outcome);
      return;
    }
    const text = String(outcome.position);
    const position = new messages.streams.TombstoneResp.Position()
      .setCommitPosition(text)
      .setPreparePosition(text);
    respond(null, new messages.streams.TombstoneResp().setPosition(position));
  };
