import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../hooks/context/caller.js';
import { depthHeaderName } from '../../lib/reading/depthHeader.js';
import { methodName } from '../../hooks/methodName.js';
import type { Edge } from '../edge.js';
import { shownBody, singleHeader } from '../http/httpBody.js';
import { EnteredRequest, headersOf, type Call } from './call.js';
import { hearInContext } from './callerEvents.js';
import { holdRaw } from './rawResponse.js';
import { routeOf } from './routeOf.js';

export interface CallEntry {
  /**
   * Returns `undefined` for a route without `actionsMethod`. @throws the error of `caller`, {@link InvalidArgumentError}
   */
  enter(request: FastifyRequest): EnteredRequest | undefined;
  /**
   * Runs listeners in the context of the caller, and keeps the state that the response needs where it matches targets.
   * `amended` is the request after its targets.
   */
  admit(
    request: FastifyRequest,
    reply: FastifyReply,
    entered: EnteredRequest,
    amended?: { readonly value: unknown },
  ): void;
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
      const { config, handlerTimeout = 0 } = routeOf(request);
      const method = config.actionsMethod;
      if (method === undefined) return undefined;
      const name = nameOf(method);
      const depth = singleHeader(request.headers, depthHeaderName);
      return new EnteredRequest(name, edge.enter(name, caller?.(request), depth), handlerTimeout > 0);
    },
    admit(request, reply, entered, amended) {
      hearInContext(request, reply, entered);
      const { name, context } = entered;
      const pending = edge.pending('response', name, context);
      if (!pending) return;
      const processed = amended ? () => amended.value : () => shownBody(request.body);
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
      entered.call = call;
    },
  };
}
