import type {
  Metadata,
  MethodDefinition,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Caller } from '../../hooks/context/caller.js';
import type { Registry } from '@bufbuild/protobuf';
import { membersOf, readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { reading, requireFunction, requireObject } from '../../lib/reading/reading.js';
import { edgeOf, requireRegistry, type EdgeActions } from '../edge.js';
import type { GuardedMethod } from './guardedCall.js';
import { methodCodecs } from './methodCodecs.js';
import { guardBidiStreaming, guardClientStreaming, guardServerStreaming } from './guardedStreams.js';
import { guardUnary } from './unary.js';

/** The options of {@link guardService}. */
export interface GuardServiceOptions {
  /**
   * Returns the caller of a call. Where it throws, the call fails with its error before any target is called.
   * @defaultValue no caller: the default instance
   */
  readonly caller?: (metadata: Metadata) => Caller;
  /**
   * The types that a `google.protobuf.Any` may hold, besides the types in the files of the service. A message whose `Any`
   * holds another type cannot be written as JSON, which is an error of each target that would receive it.
   *
   * @defaultValue the types of those files
   */
  readonly registry?: Registry;
}

const optionNames: OptionNames<GuardServiceOptions> = { caller: true, registry: true };

type Handler = (...sent: never[]) => unknown;

function guard(method: GuardedMethod, definition: MethodDefinition<unknown, unknown>, handler: Handler) {
  const { requestStream, responseStream } = definition;
  if (requestStream && responseStream) return guardBidiStreaming(method, handler as never);
  if (requestStream) return guardClientStreaming(method, handler as never);
  if (responseStream) return guardServerStreaming(method, handler as never);
  return guardUnary(method, handler as never);
}

/**
 * Returns handlers for `server.addService` of `@grpc/grpc-js` that wrap the given ones: they call the targets of each
 * request message before the handler receives it, and of each response message before it is sent, with the message as
 * proto3 JSON. Handlers run in the context of the caller, also at every step of a stream.
 *
 * A refusal ends the call with its gRPC status. A failed handler has no response, so no target is called for it. Where no
 * execution matches, calls and messages stay unchanged.
 *
 * @param definition - as `@grpc/proto-loader` loads it; generated stubs do not describe their messages and are not
 *   supported
 * @throws {@link InvalidArgumentError} for a definition that does not describe its messages, and for descriptors with a
 *   field of ambiguous type; it names the field
 */
export function guardService<Implementation extends UntypedServiceImplementation>(
  definition: ServiceDefinition,
  handlers: Implementation,
  actions: EdgeActions,
  options: GuardServiceOptions = {},
): Implementation {
  const edge = edgeOf(actions);
  const { caller, registry } = readOptions(options, optionNames, 'guardService');
  requireFunction(caller, 'caller');
  requireRegistry(registry);
  requireObject(handlers, 'the handlers are an object of functions; nothing was called or written');
  const guarded: Record<string, unknown> = {};
  for (const [name, method] of membersOf(definition, 'the definition')) {
    requireObject(
      method,
      `the definition of ${name} is a method as proto-loader loads it; nothing was called or written`,
    );
    const handlerOf = (key: string) =>
      reading(`the handler ${key}`, () => handlers[key]) as Handler | undefined;
    const key = handlerOf(name) === undefined ? (method.originalName ?? name) : name;
    const handler = handlerOf(key);
    // Leave out a method without a handler: gRPC answers it with UNIMPLEMENTED.
    if (handler === undefined) continue;
    requireFunction(handler, `the handler ${key}`);
    const codecs = methodCodecs(method, registry);
    guarded[key] = guard({ path: method.path, codecs, edge, caller }, method, handler.bind(handlers));
  }
  return guarded as Implementation;
}
