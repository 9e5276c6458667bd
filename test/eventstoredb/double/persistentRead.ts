import type persistent from '@eventstore/db-client/generated/persistent_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { messages } from './protocol.js';
import type { Consumer, Delivery } from './consumer.js';
import type { Node } from './node.js';
import type { PersistentGroup, Refusal } from './persistentGroup.js';
import { fillRecordedEvent, streamName } from './recordedEvent.js';
import { refuseCall } from './refuseCall.js';
import { ResponseStream } from './responseStream.js';
import type { StoredEvent } from './storedEvent.js';
import { accessDenied } from './trailers.js';

type ConsumerStream = ServerDuplexStream<persistent.ReadReq, persistent.ReadResp>;

const { ReadReq, ReadResp } = messages.persistent;

const recorded = (event: StoredEvent): persistent.ReadResp.ReadEvent.RecordedEvent =>
  fillRecordedEvent(new ReadResp.ReadEvent.RecordedEvent(), event);

const eventResponse = ({ resolved: { event, link }, retryCount }: Delivery): persistent.ReadResp => {
  const message = new ReadResp.ReadEvent();
  if (event) message.setEvent(recorded(event));
  if (link) message.setLink(recorded(link));
  const original = link ?? event;
  if (original) message.setCommitPosition(String(original.position));
  if (retryCount > 0) message.setRetryCount(retryCount);
  else message.setNoRetryCount(new messages.shared.Empty());
  return new ReadResp().setEvent(message);
};

const refusalOf = (action: persistent.ReadReq.Nack.Action): Refusal => {
  const { Action } = ReadReq.Nack;
  if (action === Action.PARK) return 'park';
  if (action === Action.SKIP) return 'skip';
  return action === Action.STOP ? 'stop' : 'retry';
};

const idsOf = (list: readonly shared.UUID[]): readonly string[] => list.map((id) => id.getString());

const consume = (
  node: Node,
  call: ConsumerStream,
  options: persistent.ReadReq.Options,
): Joined | undefined => {
  const out = new ResponseStream<persistent.ReadResp>(call);
  const source = options.hasAll() ? '$all' : streamName(options.getStreamIdentifier());
  const denied = options.hasAll() && node.faults.denied.all ? accessDenied() : undefined;
  const group = denied ?? node.groups.find(source, options.getGroupName());
  if (group instanceof Error) {
    out.fail(group);
    return undefined;
  }
  const consumer = group.join({
    name: String(call.metadata.get('connection-name')[0] ?? ''),
    peer: call.getPeer(),
    bufferSize: options.getBufferSize(),
    send: (delivery) => {
      out.send(eventResponse(delivery));
    },
    drop: (failure) => {
      out.fail(failure);
    },
  });
  if (consumer instanceof Error) {
    out.fail(consumer);
    return undefined;
  }
  const id = `${source}::${group.name}`;
  out.send(
    new ReadResp().setSubscriptionConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(id)),
  );
  group.begin();
  return { group, consumer };
};

type Joined = { readonly group: PersistentGroup; readonly consumer: Consumer };

const answer = ({ group, consumer }: Joined, message: persistent.ReadReq): void => {
  const [ack, nack] = [message.getAck(), message.getNack()];
  if (ack) group.acknowledge(consumer, idsOf(ack.getIdsList()));
  if (nack) group.refuse(consumer, idsOf(nack.getIdsList()), refusalOf(nack.getAction()), nack.getReason());
};

/** PersistentSubscriptions/Read: messages go out, acknowledgements come in. */
export const consumeGroup =
  (node: Node) =>
  (call: ConsumerStream): void => {
    const out = new ResponseStream<persistent.ReadResp>(call);
    const failure = refuseCall(node, 'persistent', call.metadata);
    if (failure) {
      out.fail(failure);
      return;
    }
    let joined: Joined | undefined;
    const forget = node.calls.add({
      kind: 'persistent',
      peer: call.getPeer(),
      end: out.end.bind(out),
      fail: out.fail.bind(out),
    });
    const leave = (): void => {
      forget();
      joined?.group.leave(joined.consumer);
    };
    for (const end of ['close', 'finish', 'cancelled']) call.on(end, leave);
    call.on('end', () => {
      out.end();
    });
    call.on('data', (message: persistent.ReadReq) => {
      if (node.faults.silent.has('persistent')) return;
      const options = message.getOptions();
      if (options && !joined) joined = consume(node, call, options);
      else if (joined) answer(joined, message);
    });
  };
