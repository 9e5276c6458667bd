import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { AppendAnswer, AppendRequest } from './appendRequest.js';
import { batchAnswer } from './batchAnswer.js';
import { readExpectedRevision } from './expectedRevision.js';
import type { Node } from './node.js';
import { refuseCall } from './refuseCall.js';
import { performAppend } from './performAppend.js';
import { proposedEvent } from './proposedEvents.js';
import { streamName } from './recordedEvent.js';
import type { ProposedEvent } from './storedEvent.js';

type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

/** An append whose last chunk has not arrived. */
type Unfinished = { readonly options: streams.BatchAppendReq.Options; readonly events: ProposedEvent[] };

const requestOf = ({ options, events }: Unfinished): AppendRequest => ({
  stream: streamName(options.getStreamIdentifier()),
  expected: readExpectedRevision(
    options,
    options.hasStreamPosition() ? options.getStreamPosition() : undefined,
  ),
  events,
  deadline: options.getDeadline()?.toDate().getTime() ?? Infinity,
});

const handleAppend = (
  node: Node,
  call: BatchCall,
  correlation: shared.UUID,
  unfinished: Unfinished,
): void => {
  const request = requestOf(unfinished);
  const send = (answer: AppendAnswer): void => {
    if (!call.writableEnded && !call.destroyed) call.write(batchAnswer(correlation, request, answer));
  };
  performAppend(node, request, {
    peer: call.getPeer(),
    end: () => call.end(),
    answer: (answer) => {
      send(answer);
      // The server answers twice here: the refused append stays in its list of pending appends until it times out.
      if (answer.kind === 'bad-request' && answer.answeredTwice)
        node.later(node.settings.secondAnswerAfter, () => {
          send({ kind: 'timeout' });
        });
    },
  });
};

/** Streams/BatchAppend: many appends over one stream, told apart by correlation ids. */
export const batchAppend =
  (node: Node) =>
  (call: BatchCall): void => {
    const unfinished = new Map<string, Unfinished>();
    const fail = (error: Error): void => void call.emit('error', error);
    const leave = node.calls.add({ kind: 'batch', peer: call.getPeer(), end: () => call.end(), fail });
    call.on('close', leave);
    call.on('end', () => call.end());
    const failure = refuseCall(node, 'batch', call.metadata);
    if (failure) {
      fail(failure);
      return;
    }
    call.on('data', (chunk: streams.BatchAppendReq) => {
      if (node.faults.silent.has('batch')) return;
      const correlation = chunk.getCorrelationId();
      const key = correlation?.getString() ?? '';
      const options = chunk.getOptions();
      const append = options ? { options, events: [] } : unfinished.get(key);
      if (!correlation || !append) return;
      append.events.push(...chunk.getProposedMessagesList().map(proposedEvent));
      if (!chunk.getIsFinal()) {
        unfinished.set(key, append);
        return;
      }
      unfinished.delete(key);
      handleAppend(node, call, correlation, append);
    });
  };
