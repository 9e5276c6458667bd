import type code from '@eventstore/db-client/generated/code_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type status from '@eventstore/db-client/generated/status_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { messages } from './protocol.js';
import type { AppendAnswer, AppendRequest } from './appendRequest.js';
import type { Refused, Written } from './eventStore.js';
import { streamIdentifier } from './recordedEvent.js';

type Message = { serializeBinary(): Uint8Array };

const error = (errorCode: code.Code, text: string, typeName: string, details: Message): status.Status => {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), typeName);
  return new messages.status.Status().setCode(errorCode).setMessage(text).setDetails(packed);
};

const own = (name: string): string => `event_store.client.${name}`;

const wrongExpectedVersion = ({ current }: Refused, { expected }: AppendRequest): status.Status => {
  const details = new messages.shared.WrongExpectedVersion();
  if (current < 0) details.setCurrentNoStream(new empty.Empty());
  else details.setCurrentStreamRevision(String(current));
  if (typeof expected === 'bigint') details.setExpectedStreamPosition(String(expected));
  else if (expected === 'any') details.setExpectedAny(new empty.Empty());
  else if (expected === 'no_stream') details.setExpectedNoStream(new empty.Empty());
  else details.setExpectedStreamExists(new empty.Empty());
  return error(
    messages.code.Code.ALREADY_EXISTS,
    'WrongExpectedVersion',
    own('WrongExpectedVersion'),
    details,
  );
};

const errorOf = (answer: Exclude<AppendAnswer, Written>, request: AppendRequest): status.Status => {
  switch (answer.kind) {
    case 'wrong-expected-version':
      return wrongExpectedVersion(answer, request);
    case 'stream-deleted': {
      const details = new messages.shared.StreamDeleted().setStreamIdentifier(
        streamIdentifier(request.stream),
      );
      return error(messages.code.Code.NOT_FOUND, 'StreamDeleted', own('StreamDeleted'), details);
    }
    case 'maximum-append-size-exceeded': {
      const details = new messages.shared.MaximumAppendSizeExceeded().setMaxappendsize(answer.size);
      return error(
        messages.code.Code.INVALID_ARGUMENT,
        'Too large',
        own('MaximumAppendSizeExceeded'),
        details,
      );
    }
    case 'bad-request': {
      const details = new messages.shared.BadRequest().setMessage(answer.reason);
      return error(messages.code.Code.INVALID_ARGUMENT, answer.reason, own('BadRequest'), details);
    }
    case 'access-denied':
      return error(
        messages.code.Code.PERMISSION_DENIED,
        'Access Denied',
        own('AccessDenied'),
        new messages.shared.AccessDenied(),
      );
    case 'timeout':
      return error(
        messages.code.Code.DEADLINE_EXCEEDED,
        'Timeout',
        own('Timeout'),
        new messages.shared.Timeout(),
      );
    case 'not-ready':
      return error(
        messages.code.Code.UNAVAILABLE,
        'Server Is Not Ready',
        'google.protobuf.Empty',
        new empty.Empty(),
      );
  }
};

const success = ({ revision, position }: Written): streams.BatchAppendResp.Success => {
  const text = String(position);
  const message = new messages.streams.BatchAppendResp.Success().setPosition(
    new messages.shared.AllStreamPosition().setCommitPosition(text).setPreparePosition(text),
  );
  return revision < 0 ? message.setNoStream(new empty.Empty()) : message.setCurrentRevision(String(revision));
};

/** The answer to one append of a batch stream. It names the stream, which every error needs. */
export const batchAnswer = (
  correlation: shared.UUID,
  request: AppendRequest,
  answer: AppendAnswer,
): streams.BatchAppendResp => {
  const response = new messages.streams.BatchAppendResp()
    .setCorrelationId(correlation)
    .setStreamIdentifier(streamIdentifier(request.stream));
  return answer.kind === 'written'
    ? response.setSuccess(success(answer))
    : response.setError(errorOf(answer, request));
};
