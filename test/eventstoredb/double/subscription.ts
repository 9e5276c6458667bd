import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { readFilter, type EventFilter } from './eventFilter.js';
import { eventSource, type Subscribed } from './eventSource.js';
import type { Node } from './node.js';
import { dropCall, type OpenCall } from './openCalls.js';
import {
  caughtUpResponse,
  checkpointResponse,
  confirmationResponse,
  eventResponse,
} from './readResponses.js';
import { resolveLink } from './resolveLink.js';
import { ResponseStream } from './responseStream.js';
import { tombstoneRevision, type StoredEvent } from './storedEvent.js';
import { streamDeleted } from './trailers.js';

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

/** How many new events may wait for a reader before the server takes it out of live delivery. */
const liveBuffer = 32;

/** The most events that are considered before other calls run. */
const turn = 256;

type Wanted = {
  readonly subscribed: Subscribed;
  readonly filter: EventFilter | undefined;
  readonly resolveLinks: boolean;
};

class CatchUp {
  readonly #node: Node;
  readonly #call: OpenCall;
  readonly #out: ResponseStream<streams.ReadResp>;
  readonly #subscribed: Subscribed;
  readonly #filter: EventFilter | undefined;
  readonly #resolveLinks: boolean;
  #considered = 0;
  #last: StoredEvent | undefined;
  #isLive = false;

  constructor(node: Node, call: OpenCall, out: ResponseStream<streams.ReadResp>, wanted: Wanted) {
    this.#node = node;
    this.#call = call;
    this.#out = out;
    this.#subscribed = wanted.subscribed;
    this.#filter = wanted.filter;
    this.#resolveLinks = wanted.resolveLinks;
  }

  /** Confirmation, history with checkpoints, one checkpoint of its end, caught up, and then each new event. */
  async run(): Promise<void> {
    this.#out.send(confirmationResponse(randomUUID()));
    while (this.#out.isOpen) {
      const event = this.#subscribed.source.next();
      if (event) await this.#deliver(event);
      else await this.#wait();
    }
  }

  async #deliver(event: StoredEvent): Promise<void> {
    this.#last = event;
    this.#considered++;
    if (this.#filter?.matches(event) ?? true) {
      const fault = this.#node.faults.takeDeliveryFault();
      if (fault) {
        dropCall(this.#call, fault, this.#node.cut);
        return;
      }
      await this.#node.gates.deliveries.pass(event.stream);
      const resolved = resolveLink(this.#node.store, event, this.#resolveLinks);
      if (!this.#out.send(eventResponse(resolved))) await this.#fallBehind();
    }
    if (this.#filter && this.#considered % this.#filter.checkpointInterval === 0)
      this.#out.send(checkpointResponse(event));
    if (this.#subscribed.stream !== undefined && event.revision === tombstoneRevision)
      this.#out.fail(streamDeleted(this.#subscribed.stream));
    if (this.#considered % turn === 0) await nextTurn();
  }

  /** A slow reader loses no event: the subscription catches up again, and reports when it has caught up. */
  async #fallBehind(): Promise<void> {
    const before = this.#subscribed.source.ahead();
    await this.#out.drained();
    if (this.#subscribed.source.ahead() - before > liveBuffer) this.#isLive = false;
  }

  async #wait(): Promise<void> {
    if (!this.#isLive) {
      this.#isLive = true;
      if (!this.#node.faults.withoutCaughtUp) {
        if (this.#filter && this.#last) this.#out.send(checkpointResponse(this.#last));
        this.#out.send(caughtUpResponse());
      }
    }
    let unwatch: (() => void) | undefined;
    await this.#out.until('close', (resume) => {
      unwatch = this.#node.store.log.watch(resume);
    });
    unwatch?.();
  }
}

/** Streams/Read with a subscription in place of a count. */
export const subscribe = (node: Node, call: ReadCall, options: streams.ReadReq.Options): void => {
  const out = new ResponseStream<streams.ReadResp>(call);
  const fail = out.fail.bind(out);
  const subscribed = eventSource(node.store, options);
  if (subscribed instanceof Error) {
    fail(subscribed);
    return;
  }
  const open: OpenCall = { kind: 'subscription', peer: call.getPeer(), end: out.end.bind(out), fail };
  const leave = node.calls.add(open);
  for (const end of ['close', 'finish', 'cancelled']) call.on(end, leave);
  const chosen = options.getFilter();
  const filter = chosen && readFilter(chosen);
  void new CatchUp(node, open, out, { subscribed, filter, resolveLinks: options.getResolveLinks() }).run();
};
