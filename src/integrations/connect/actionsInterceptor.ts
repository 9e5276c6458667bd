import type { DescMethod, Registry } from '@bufbuild/protobuf';
import type { Interceptor } from '@connectrpc/connect';
import type { Caller } from '../../hooks/caller.js';
import { depthHeaderName, edgeOf, type EdgeActions } from '../edge.js';
import { createMessageCall } from '../messageCall.js';
import { connectError } from './connectError.js';
import { judgeStream, judgeUnary, type JudgedCall } from './judgedCall.js';
import { createMessageCodec } from './messageCodec.js';

export interface ActionsInterceptorOptions {
  /** Who a call is done for. When it throws, the call fails with its error before any target is called. */
  readonly caller?: (header: Headers) => Caller;
  /** Types that a `google.protobuf.Any` may hold. Without it a message with one cannot be shown, and fails its call. */
  readonly registry?: Registry;
}

/**
 * Interceptor for servers of `@connectrpc/connect` that lets their calls take part, over Connect, gRPC and gRPC-web alike:
 * each request message is judged before the handler sees it, each response message before it is sent, as proto3 JSON.
 * Handlers run in the context of the caller, at every step of a stream too.
 *
 * A refusal ends the call with its code, as do errors of this library that a handler throws. A handler that failed has no
 * response to judge. Where nothing matches, calls and messages are left as they are.
 */
export function actionsInterceptor(
  actions: EdgeActions,
  { caller, registry }: ActionsInterceptorOptions = {},
): Interceptor {
  const edge = edgeOf(actions);
  const codecsOf = new WeakMap<DescMethod, JudgedCall['codecs']>();

  function codecs(method: DescMethod): JudgedCall['codecs'] {
    let known = codecsOf.get(method);
    if (!known) {
      const request = createMessageCodec(method.input, registry);
      known = { request, response: createMessageCodec(method.output, registry) };
      codecsOf.set(method, known);
    }
    return known;
  }

  function enter(method: DescMethod, header: Headers, signal: AbortSignal): JudgedCall {
    const path = `/${method.parent.typeName}/${method.name}`;
    try {
      const types = codecs(method);
      const call = createMessageCall({
        path,
        codecs: types,
        edge,
        context: edge.enter(path, caller?.(header), header.get(depthHeaderName) ?? undefined),
        shownHeaders: edge.shownHeaders((name) => header.get(name) ?? undefined),
        signal: () => signal,
      });
      return { ...call, codecs: types };
    } catch (error) {
      throw connectError(error);
    }
  }

  return (next) => async (request) => {
    const call = enter(request.method, request.header, request.signal);
    return request.stream ? judgeStream(call, request, next) : judgeUnary(call, request, next);
  };
}
