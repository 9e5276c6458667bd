import type { Metadata } from '@grpc/grpc-js';
import { runInContext, type Caller } from '../../hooks/caller.js';
import type { OperationCaller } from '../../hooks/operation.js';
import type { Message } from '../../hooks/request.js';
import type { JSONValue } from '../../ports.js';
import { depthHeaderName, type Edge } from '../edge.js';
import type { MessageCodec, MethodCodecs } from './messageCodec.js';

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

/** What came of a message: what a target made of it, or itself. */
export interface Judged {
  readonly message: unknown;
  /** Its JSON, where it is known. */
  readonly json?: JSONValue;
}

/** A call whose caller is known. */
export interface GuardedCall {
  run<Result>(action: () => Result): Result;
  /** `undefined` where nobody is to be called. */
  judge(kind: 'request' | 'response', message: unknown, request?: () => unknown): Promise<Judged> | undefined;
  /** Whether the client has gone: then nobody is left to be answered. */
  readonly isCancelled: boolean;
}

/** @throws what `caller` throws, and {@link InvalidArgumentError} for an id or a depth that is malformed */
export function enterCall(method: GuardedMethod, call: AnyCall): GuardedCall {
  const { path, codecs, edge, caller } = method;
  const { metadata } = call;
  const first = (name: string): string | undefined => metadata.get(name)[0]?.toString();
  const context: OperationCaller = edge.enter(path, caller?.(metadata), first(depthHeaderName));
  const shownHeaders = edge.shownHeaders((name) => {
    const values = metadata.get(name).map((value) => value.toString());
    return values.length === 0 ? undefined : values;
  });
  const places = { request: 0, response: 0 };
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

  async function fire(
    pending: { fire(message: Message): Promise<{ readonly amended: JSONValue } | undefined> },
    codec: MessageCodec,
    message: unknown,
    request: (() => unknown) | undefined,
    place: number,
  ): Promise<Judged> {
    const json = codec.toJSON(message);
    const decoded = new Map<JSONValue, unknown>();
    const result = await pending.fire({
      content: () => json,
      ...(request && { request }),
      objection: (amended) => {
        const made = codec.fromJSON(amended);
        if (!made) return `what it made of ${path} is no message of its type`;
        decoded.set(amended, made.message);
        return undefined;
      },
      headers: shownHeaders,
      place,
      signal: signal(),
    });
    return result ? { message: decoded.get(result.amended), json: result.amended } : { message, json };
  }

  return {
    run: (action) => runInContext(context, action),
    judge(kind, message, request) {
      const place = places[kind]++;
      const pending = edge.pending(kind, path, context);
      return pending && fire(pending, codecs[kind], message, request, place);
    },
    get isCancelled() {
      return gone?.signal.aborted ?? call.cancelled;
    },
  };
}
