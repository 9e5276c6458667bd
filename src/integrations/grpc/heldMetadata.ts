import type { Metadata } from '@grpc/grpc-js';
import type { GuardedCall } from './guardedCall.js';

interface MetadataSender {
  sendMetadata(metadata: Metadata): void;
}

const heldKey = Symbol('eventstore-actions: held metadata');
type HoldingSender = MetadataSender & { [heldKey]?: HeldMetadata };

/** One function for all calls: functions made for each call would cost a tenth of a unary call. */
function sendHeld(this: HoldingSender, metadata: Metadata | undefined): void {
  this[heldKey]?.take(metadata);
}

/**
 * Holds the metadata that a handler sends before the targets of its response were called. gRPC sends the first metadata and
 * ignores later ones.
 */
export class HeldMetadata {
  private readonly sender: MetadataSender;
  private readonly send: MetadataSender['sendMetadata'];
  private readonly call: GuardedCall;
  private held: { readonly metadata: Metadata } | undefined;
  private isClosed = false;

  constructor(sender: MetadataSender, call: GuardedCall) {
    this.sender = sender;
    this.send = sender.sendMetadata;
    this.call = call;
    this.held = undefined;
    (sender as HoldingSender)[heldKey] = this;
    sender.sendMetadata = sendHeld;
  }

  /** Replaces the sender's own function. */
  take(metadata: Metadata | undefined): void {
    if (this.isClosed || this.held) return;
    if (!this.call.judgesResponses) this.send.call(this.sender, metadata as Metadata);
    else this.held = { metadata: metadata?.clone() as Metadata };
  }

  /** Notes that the handler has answered: gRPC accepts no more metadata from it. */
  close(): void {
    this.isClosed = true;
  }

  /** Sends the held metadata after the response passed, or where there is no response. */
  release(): void {
    const { held } = this;
    this.held = undefined;
    if (held) this.send.call(this.sender, held.metadata);
  }

  /** Drops the held metadata of a refused call. */
  drop(): void {
    this.isClosed = true;
    this.held = undefined;
  }
}

/** Makes empty metadata of the same class for a refusal, which has none of the handler's metadata. */
export function noMetadata(like: Metadata): Metadata {
  const empty = like.clone();
  for (const name of Object.keys(empty.toJSON())) empty.remove(name);
  return empty;
}
