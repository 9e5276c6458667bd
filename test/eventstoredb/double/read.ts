import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Node } from './node.js';
import { readEvents } from './readEvents.js';
import { eventResponse, streamNotFoundResponse } from './readResponses.js';
import { streamName } from './recordedEvent.js';
import { refuseCall } from './refuseCall.js';
import { resolveLink } from './resolveLink.js';
import { ResponseStream } from './responseStream.js';
import type { StoredEvent } from './storedEvent.js';
import { subscribe } from './subscription.js';
import { accessDenied, invalidArgument } from './trailers.js';

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

const sendAll = async (
  node: Node,
  out: ResponseStream<streams.ReadResp>,
  events: Iterable<StoredEvent>,
  resolveLinks: boolean,
): Promise<void> => {
  for (const event of events) {
    if (!out.isOpen) return;
    if (!out.send(eventResponse(resolveLink(node.store, event, resolveLinks)))) await out.drained();
  }
  out.end();
};

const answer = (node: Node, call: ReadCall, options: streams.ReadReq.Options): void => {
  const out = new ResponseStream<streams.ReadResp>(call);
  const events = readEvents(node.store, options);
  if (events instanceof Error) {
    out.fail(events);
    return;
  }
  if (events) {
    void sendAll(node, out, events, options.getResolveLinks());
    return;
  }
  out.send(streamNotFoundResponse(streamName(options.getStream()?.getStreamIdentifier())));
  out.end();
};

/** Streams/Read: reads and subscriptions alike. */
export const read =
  (node: Node) =>
  (call: ReadCall): void => {
    const out = new ResponseStream<streams.ReadResp>(call);
    const options = call.request.getOptions();
    const kind = options?.hasSubscription() ? 'subscription' : 'read';
    const denied = options?.hasAll() && node.faults.denied.all ? accessDenied() : undefined;
    const failure = refuseCall(node, kind, call.metadata) ?? denied;
    if (failure) out.fail(failure);
    else if (!options) out.fail(invalidArgument('No options'));
    else if (node.faults.silent.has(kind)) return;
    else if (kind === 'read') answer(node, call, options);
    else subscribe(node, call, options);
  };
