import type { Metadata } from '@grpc/grpc-js';
import type { GuardedCall } from './guardedCall.js';

interface MetadataSender {
  sendMetadata(metadata: Metadata): void;
}

/** Metadata that a handler sent before its response was judged. */
export interface HeldMetadata {
  /** The handler has answered: gRPC takes no more metadata from it. */
  close(): void;
  /** Sends what is held: the response was let through, or there is none to judge. */
  release(): void;
  /** Leaves out what is held: the call was refused. */
  drop(): void;
}

/** Holds the metadata of a call where its response is to be judged. gRPC takes the first that is sent and ignores the rest. */
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

/** Metadata of the same class, without a value: none that the handler set is sent with a refusal. */
export function noMetadata(like: Metadata): Metadata {
  const empty = like.clone();
  for (const name of Object.keys(empty.toJSON())) empty.remove(name);
  return empty;
}
