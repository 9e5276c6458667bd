import type { Metadata } from '@grpc/grpc-js';
import type { GuardedCall } from './guardedCall.js';

interface MetadataSender {
  sendMetadata(metadata: Metadata): void;
}

/** Metadata that a handler sent before its response was judged. */
export interface HeldMetadata {
  /** The handler has answered: gRPC accepts no more metadata from it. */
  close(): void;
  /** Sends the held metadata: the response passed, or there is none to judge. */
  release(): void;
  /** Drops the held metadata: the call was refused. */
  drop(): void;
}

/** Holds the metadata of a call whose response is to be judged. gRPC sends the first metadata and ignores later ones. */
export function holdMetadata(sender: MetadataSender, call: GuardedCall): HeldMetadata {
  const send = sender.sendMetadata.bind(sender);
  let held: { readonly metadata: Metadata } | undefined;
  let isClosed = false;
  sender.sendMetadata = (metadata: Metadata | undefined) => {
    if (isClosed || held) return;
    if (!call.judgesResponses) send(metadata as Metadata);
    else held = { metadata: metadata?.clone() as Metadata };
  };
  return {
    close() {
      isClosed = true;
    },
    release() {
      const released = held;
      held = undefined;
      if (released) send(released.metadata);
    },
    drop() {
      isClosed = true;
      held = undefined;
    },
  };
}

/** Empty metadata of the same class: a refusal carries none of the handler's. */
export function noMetadata(like: Metadata): Metadata {
  const empty = like.clone();
  for (const name of Object.keys(empty.toJSON())) empty.remove(name);
  return empty;
}
