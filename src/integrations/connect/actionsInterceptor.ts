import type { DescMethod, Registry } from '@bufbuild/protobuf';
import type { Interceptor } from '@connectrpc/connect';
import type { Caller } from '../../hooks/context/caller.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireFunction } from '../../lib/reading/reading.js';
import { edgeOf, requireRegistry, type EdgeActions } from '../edge.js';
import { connectError } from './connectError.js';
import { JudgedCall, judgeStream, judgeUnary, type ConnectMethod } from './judgedCall.js';
import { createMessageCodec } from './messageCodec.js';

/** The options of {@link actionsInterceptor}. */
export interface ActionsInterceptorOptions {
  /**
   * Returns the caller of a call. Where it throws, the call fails with its error before any target is called.
   * @defaultValue no caller: the default instance
   */
  readonly caller?: (header: Headers) => Caller;
  /**
   * The types that a `google.protobuf.Any` may hold. Without them a message with an `Any` cannot be written as JSON and
   * fails its call.
   * @defaultValue none
   */
  readonly registry?: Registry;
}

const optionNames: OptionNames<ActionsInterceptorOptions> = { caller: true, registry: true };

/**
 * Makes an interceptor for servers of `@connectrpc/connect`, for Connect, gRPC and gRPC-web. It calls the targets of each
 * request message before the handler receives it, and of each response message before it is sent, with the message as
 * proto3 JSON. Handlers run in the context of the caller, also at every step of a stream.
 *
 * A refusal ends the call with its code, as do errors of this library that a handler throws. A failed handler has no
 * response, so no target is called for it. Where no execution matches, calls and messages stay unchanged.
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
