import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { status, type sendUnaryData, type ServerReadableStream } from '@grpc/grpc-js';
import { messages } from './protocol.js';
import type { AppendAnswer, AppendRequest } from './appendRequest.js';
import type { Refused, Written } from './eventStore.js';
import { readExpectedRevision } from './expectedRevision.js';
import type { Node } from './node.js';
import { performAppend } from './performAppend.js';
import { proposedEvent } from './proposedEvents.js';
import { streamName } from './recordedEvent.js';
import { refuseCall } from './refuseCall.js';
import type { ProposedEvent } from './storedEvent.js';
import {
  accessDenied,
  failure,
  maximumAppendSizeExceeded,
  streamDeleted,
  timedOut,
  unavailable,
  type Failure,
} from './trailers.js';

type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>;

const written = ({ revision, position }: Written): streams.AppendResp => {
  const text = String(position);
  const success = new messages.streams.AppendResp.Success().setPosition(
    new messages.streams.AppendResp.Position().setCommitPosition(text).setPreparePosition(text),
  );
  if (revision < 0) success.setNoStream(new messages.shared.Empty());
  else success.setCurrentRevision(String(revision));
  return new messages.streams.AppendResp().setSuccess(success);
};

const wrongExpectedVersion = ({ current }: Refused, { expected }: AppendRequest): streams.AppendResp => {
  const details = new messages.streams.AppendResp.WrongExpectedVersion();
  if (current < 0) details.setCurrentNoStream(new messages.shared.Empty());
  else details.setCurrentRevision(String(current));
  if (typeof expected === 'bigint') details.setExpectedRevision(String(expected));
  else if (expected === 'any') details.setExpectedAny(new messages.shared.Empty());
  else if (expected === 'no_stream') details.setExpectedNoStream(new messages.shared.Empty());
  else details.setExpectedStreamExists(new messages.shared.Empty());
  return new messages.streams.AppendResp().setWrongExpectedVersion(details);
};

const answerOf = (answer: AppendAnswer, request: AppendRequest): streams.AppendResp | Failure => {
  switch (answer.kind) {
    case 'written':
      return written(answer);
    case 'wrong-expected-version':
      return wrongExpectedVersion(answer, request);
    case 'stream-deleted':
      return streamDeleted(request.stream);
    case 'maximum-append-size-exceeded':
      return maximumAppendSizeExceeded(answer.size);
    case 'bad-request':
      return failure(status.UNKNOWN, 'Exception was thrown by handler.');
    case 'access-denied':
      return accessDenied();
    case 'timeout':
      return timedOut();
    case 'not-ready':
      return unavailable();
  }
};

/** Streams/Append: one append per call. */
export const classicAppend =
  (node: Node) =>
  (call: AppendCall, respond: sendUnaryData<streams.AppendResp>): void => {
    const failed = refuseCall(node, 'append', call.metadata);
    if (failed) {
      respond(failed);
      return;
    }
    let options: streams.AppendReq.Options | undefined;
    const events: ProposedEvent[] = [];
    call.on('data', (message: streams.AppendReq) => {
      const proposed = message.getProposedMessage();
      if (proposed) events.push(proposedEvent(proposed));
      else options = message.getOptions() ?? options;
    });
    call.on('end', () => {
      if (node.faults.silent.has('append')) return;
      const exact = options?.hasRevision() ? options.getRevision() : undefined;
      const request: AppendRequest = {
        stream: streamName(options?.getStreamIdentifier()),
        expected: options ? readExpectedRevision(options, exact) : 'any',
        events,
        deadline: Infinity,
      };
      performAppend(node, request, {
        peer: call.getPeer(),
        // A call of this kind cannot end without a message; the client cannot read a message without a result.
        end: () => {
          respond(null, new messages.streams.AppendResp());
        },
        answer: (answer) => {
          const result = answerOf(answer, request);
          if (result instanceof Error) respond(result);
          else respond(null, result);
        },
      });
    });
  };
