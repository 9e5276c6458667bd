import type { DescMethod, Registry } from '@bufbuild/protobuf';
import type { Interceptor } from '@connectrpc/connect';
import type { Caller } from '../../hooks/context/caller.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireFunction } from '../../lib/reading/reading.js';
import { edgeOf, requireRegistry, type EdgeActions } from '../edge.js';
import { connectError } from './connectError.js';
import { JudgedCall, judgeStream, judgeUnary, type ConnectMethod } from './judgedCall.js';
import { createMessageCodec } from './messageCodec.js';

/** The options of the interceptor. */
export interface ActionsInterceptorOptions {
  /**
   * Gives the caller of a call. When it throws, the call fails with its error before any target is called.
   * @defaultValue no caller: the default instance
   */
  readonly caller?: (header: Headers) => Caller;
  /**
   * Types that a `google.protobuf.Any` may hold. Without it a message with an `Any` has no JSON, and fails its call.
   * @defaultValue none
   */
  readonly registry?: Registry;
}

const optionNames: OptionNames<ActionsInterceptorOptions> = { caller: true, registry: true };

/**
 * Interceptor for servers of `@connectrpc/connect` that calls targets for their calls, over Connect, gRPC and gRPC-web
 * alike: each request message is judged before the handler sees it, each response message before it is sent, as proto3
 * JSON. Handlers run in the context of the caller, also at every step of a stream.
 *
 * A refusal ends the call with its code, as do errors of this library that a handler throws. A handler that failed has
 * no response to judge. Where no execution matches, calls and messages stay unchanged.
 */
export function actionsInterceptor(
  actions: EdgeActions,
  options: ActionsInterceptorOptions = {},
): Interceptor {
  const edge = edgeOf(actions);
  const { caller, registry } = readOptions(options, optionNames, 'actionsInterceptor');
  requireFunction(caller, 'caller');
  requireRegistry(registry);
  const methods = new WeakMap<DescMethod, ConnectMethod>();

  function judgedMethod(described: DescMethod): ConnectMethod {
    let known = methods.get(described);
    if (!known) {
      const path = `/${described.parent.typeName}/${described.name}`;
      const request = createMessageCodec(described.input, registry);
      const response = createMessageCodec(described.output, registry);
      methods.set(described, (known = { path, codecs: { request, response }, edge }));
    }
    return known;
  }

  return (next) => async (request) => {
    let call;
    try {
      call = new JudgedCall(judgedMethod(request.method), request, caller);
    } catch (error) {
      throw connectError(error);
    }
    return request.stream ? judgeStream(call, request, next) : judgeUnary(call, request, next);
  };
}
