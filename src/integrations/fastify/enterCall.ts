import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../hooks/context/caller.js';
import type { OperationCaller } from '../../hooks/operations/admission.js';
import { depthHeaderName, methodName, type Edge } from '../edge.js';
import { shownBody, singleHeader } from '../http/httpBody.js';
import { headersOf, keepCall, type Call } from './call.js';
import { holdRaw } from './rawResponse.js';

/** A request of a judged route, whose caller is known. */
export interface Entered {
  readonly name: string;
  readonly context: OperationCaller;
}

export interface CallEntry {
  /** `undefined` for a route without `actionsMethod`. @throws the error of `caller`, {@link InvalidArgumentError} */
  enter(request: FastifyRequest): Entered | undefined;
  /** Keeps the request for the response, where that has targets to call. */
  keep(
    request: FastifyRequest,
    reply: FastifyReply,
    entered: Entered,
    processed?: () => unknown,
  ): Call | 'none';
}

export function createCallEntry(
  edge: Edge,
  caller: ((request: FastifyRequest) => Caller) | undefined,
): CallEntry {
  const names = new Map<string, string>();

  function nameOf(method: string): string {
    let name = names.get(method);
    if (name === undefined) names.set(method, (name = methodName(method)));
    return name;
  }

  return {
    enter(request) {
      const method = request.routeOptions.config.actionsMethod;
      if (method === undefined) return undefined;
      const name = nameOf(method);
      const depth = singleHeader(request.headers, depthHeaderName);
      return { name, context: edge.enter(name, caller?.(request), depth) };
    },
    keep(request, reply, { name, context }, processed = () => shownBody(request.body)) {
      const pending = edge.pending('response', name, context);
      if (!pending) {
        keepCall(request, 'none');
        return 'none';
      }
      const shownHeaders = edge.shownHeaders((header) => request.headers[header]);
      const trailers = new Set<string>();
      const trailer = reply.trailer.bind(reply);
      reply.trailer = (key, make) => {
        trailers.add(key);
        return trailer(key, make);
      };
      const call: Call = {
        pending,
        request: processed,
        shownHeaders,
        headersBefore: headersOf(reply),
        trailers,
        isAsked: false,
        isSerialised: false,
        json: undefined,
        held: holdRaw(request, reply, context, (signal) => {
          call.isAsked = true;
          return pending.fire({ content: () => null, request: processed, headers: shownHeaders, signal });
        }),
      };
      keepCall(request, call);
      return call;
    },
  };
}
