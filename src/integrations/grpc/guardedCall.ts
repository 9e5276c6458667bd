import type { Metadata } from '@grpc/grpc-js';
import type { Caller } from '../../hooks/caller.js';
import { depthHeaderName, type Edge } from '../edge.js';
import { createMessageCall, type MessageCall, type MethodCodecs } from '../messageCall.js';

/** What is the same for every call of a method. */
export interface GuardedMethod {
  /** `/<service>/<method>`. */
  readonly path: string;
  readonly codecs: MethodCodecs;
  readonly edge: Edge;
  readonly caller: ((metadata: Metadata) => Caller) | undefined;
}

/** The part of gRPC's calls that every kind has. */
interface AnyCall {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  once(event: 'cancelled', listener: () => void): unknown;
}

/** A call whose caller is known. */
export interface GuardedCall extends MessageCall {
  /** Whether the client has gone, or its deadline has passed: then nobody is left to be answered. */
  readonly isCancelled: boolean;
}

/** @throws what `caller` throws, and {@link InvalidArgumentError} for an id or a depth that is malformed */
export function enterCall({ path, codecs, edge, caller }: GuardedMethod, call: AnyCall): GuardedCall {
  const { metadata } = call;
  const first = (name: string): string | undefined => metadata.get(name)[0]?.toString();
  let gone: AbortController | undefined;

  /** Made only where somebody is called. */
  function signal(): AbortSignal {
    if (!gone) {
      const controller = (gone = new AbortController());
      const leave = () => {
        controller.abort(new Error('the call was cancelled, or its deadline has passed'));
      };
      if (call.cancelled) leave();
      else call.once('cancelled', leave);
    }
    return gone.signal;
  }

  return {
    ...createMessageCall({
      path,
      codecs,
      edge,
      context: edge.enter(path, caller?.(metadata), first(depthHeaderName)),
      shownHeaders: edge.shownHeaders((name) => {
        const values = metadata.get(name).map((value) => value.toString());
        return values.length === 0 ? undefined : values;
      }),
      signal,
    }),
    get isCancelled() {
      return gone?.signal.aborted ?? call.cancelled;
    },
  };
}
