import type errorsOfMany from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/errors_pb.js';
import type streamsOfMany from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js';
import { status, type sendUnaryData, type ServerReadableStream, type ServerUnaryCall } from '@grpc/grpc-js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import type { RefusedTogether, StreamAppend } from './eventStore.js';
import { expectedVersionNumber, type ExpectedRevision } from './expectedRevision.js';
import type { Node } from './node.js';
import { messages } from './protocol.js';
import { refuseCall } from './refuseCall.js';
import type { ProposedEvent } from './storedEvent.js';
import { failure, type Failure } from './trailers.js';

type Record = streamsOfMany.AppendRecord;

const names = new Map<string, ExpectedRevision>([
  ['-1', 'no_stream'],
  ['-2', 'any'],
  ['-4', 'stream_exists'],
]);

const expectedOf = (wire: string | undefined): ExpectedRevision =>
  wire === undefined ? 'any' : (names.get(wire) ?? BigInt(wire));

/** The properties of a record are read as the JSON of its metadata. */
const proposedEvent = (record: Record): ProposedEvent => {
  const properties = record
    .getPropertiesMap()
    .toArray()
    .map(([name]) => [name, record.getPropertiesMap().get(name)?.getStringValue() ?? ''] as const);
  const isJSON = record.getSchema()?.getFormat() === messages.streamsOfMany.SchemaFormat.SCHEMA_FORMAT_JSON;
  return {
    id: record.getRecordId() ?? '',
    type: record.getSchema()?.getName() ?? '',
    contentType: isJSON ? 'application/json' : 'application/octet-stream',
    data: record.getData_asU8(),
    metadata:
      properties.length === 0
        ? new Uint8Array()
        : Buffer.from(JSON.stringify(Object.fromEntries(properties))),
  };
};

/** The details of the status give the type of an error of the second protocol. */
const detailed = (code: status, name: string, details: { serializeBinary(): Uint8Array }): Failure => {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), `kurrentdb.protocol.v2.streams.errors.${name}`);
  const failed = failure(code, name);
  const carried = new messages.status.Status().setMessage(name).setDetails(packed);
  failed.metadata.set('grpc-status-details-bin', Buffer.from(carried.serializeBinary()));
  return failed;
};

const conflict = ({ stream, expected, current }: RefusedTogether): Failure => {
  const details: errorsOfMany.StreamRevisionConflictErrorDetails =
    new messages.errorsOfMany.StreamRevisionConflictErrorDetails()
      .setStream(stream)
      .setExpectedRevision(String(expectedVersionNumber(expected)))
      .setActualRevision(String(current));
  return detailed(status.FAILED_PRECONDITION, 'StreamRevisionConflictErrorDetails', details);
};

const violation = ({ stream, expected, current }: RefusedTogether, index: number): Failure => {
  const { ConsistencyViolation, AppendConsistencyViolationErrorDetails } = messages.errorsOfMany;
  const state = new ConsistencyViolation.StreamStateViolation()
    .setStream(stream)
    .setExpectedState(String(expectedVersionNumber(expected)))
    .setActualState(String(current));
  const details = new AppendConsistencyViolationErrorDetails().setViolationsList([
    new ConsistencyViolation().setCheckIndex(index).setStreamState(state),
  ]);
  return detailed(status.FAILED_PRECONDITION, 'AppendConsistencyViolationErrorDetails', details);
};

const tombstoned = ({ stream }: RefusedTogether): Failure =>
  detailed(
    status.FAILED_PRECONDITION,
    'StreamTombstonedErrorDetails',
    new messages.errorsOfMany.StreamTombstonedErrorDetails().setStream(stream),
  );

/** StreamsService/AppendSession of KurrentDB 25.1: several streams, each with an expectation. */
export const appendSession =
  (node: Node) =>
  (
    call: ServerReadableStream<streamsOfMany.AppendRequest, streamsOfMany.AppendSessionResponse>,
    respond: sendUnaryData<streamsOfMany.AppendSessionResponse>,
  ): void => {
    const failed = refuseCall(node, 'together', call.metadata);
    if (failed) {
      respond(failed);
      return;
    }
    const appends: StreamAppend[] = [];
    call.on('data', (request: streamsOfMany.AppendRequest) => {
      appends.push({
        stream: request.getStream(),
        expected: expectedOf(request.hasExpectedRevision() ? request.getExpectedRevision() : undefined),
        events: request.getRecordsList().map(proposedEvent),
      });
    });
    call.on('end', () => {
      const answer = node.store.appendTogether(appends);
      if (node.faults.silent.has('together')) return;
      if (answer.kind === 'written') {
        const { AppendResponse, AppendSessionResponse } = messages.streamsOfMany;
        const output = [...answer.revisions].map(([stream, revision]) =>
          new AppendResponse().setStream(stream).setStreamRevision(String(revision)),
        );
        respond(null, new AppendSessionResponse().setOutputList(output).setPosition(String(answer.position)));
      } else respond(answer.kind === 'stream-deleted' ? tombstoned(answer) : conflict(answer));
    });
  };

/** StreamsService/AppendRecords of KurrentDB 26.1: records of several streams in one order, and checks. */
export const appendRecords =
  (node: Node) =>
  (
    call: ServerUnaryCall<streamsOfMany.AppendRecordsRequest, streamsOfMany.AppendRecordsResponse>,
    respond: sendUnaryData<streamsOfMany.AppendRecordsResponse>,
  ): void => {
    const failed = refuseCall(node, 'together', call.metadata);
    if (failed) {
      respond(failed);
      return;
    }
    const checks = call.request.getChecksList().map((check): StreamAppend => {
      const state = check.getStreamState();
      return {
        stream: state?.getStream() ?? '',
        expected: expectedOf(state?.getExpectedState()),
        events: [],
      };
    });
    const appends = call.request.getRecordsList().map((record): StreamAppend => ({
      stream: record.getStream(),
      expected: 'any',
      events: [proposedEvent(record)],
    }));
    const answer = node.store.appendTogether(appends, checks);
    if (node.faults.silent.has('together')) return;
    if (answer.kind === 'written') {
      const { AppendRecordsResponse, StreamRevision } = messages.streamsOfMany;
      const revisions = [...answer.revisions].map(([stream, revision]) =>
        new StreamRevision().setStream(stream).setRevision(String(revision)),
      );
      respond(
        null,
        new AppendRecordsResponse().setRevisionsList(revisions).setPosition(String(answer.position)),
      );
    } else
      respond(
        answer.kind === 'stream-deleted'
          ? tombstoned(answer)
          : violation(
              answer,
              checks.findIndex(({ stream }) => stream === answer.stream),
            ),
      );
  };
