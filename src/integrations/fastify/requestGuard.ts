import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { isActionsError } from '../../errors.js';
import { runInContext, type Caller } from '../../hooks/caller.js';
import type { OperationCaller } from '../../hooks/operation.js';
import type { PendingMessage } from '../../hooks/request.js';
import type { JSONValue } from '../../ports.js';
import { depthHeaderName, methodName, type Edge } from '../edge.js';
import { clientGone } from '../http/clientGone.js';
import { isShowable, shownBody, singleHeader } from '../http/httpBody.js';
import { validateAmended } from './amendedBody.js';
import { keepCall } from './call.js';
import { problemBody } from './problemReply.js';

/** Calls the targets of a request before its handler, and lets the handler run in the context of the caller. */
export function createRequestGuard(edge: Edge, caller: ((request: FastifyRequest) => Caller) | undefined) {
  const names = new Map<string, string>();

  function nameOf(method: string): string {
    let name = names.get(method);
    if (name === undefined) names.set(method, (name = methodName(method)));
    return name;
  }

  function fail(
    request: FastifyRequest,
    reply: FastifyReply,
    done: HookHandlerDoneFunction,
    error: unknown,
  ): void {
    if (isActionsError(error)) void reply.send(problemBody(request, reply, error));
    else done(error as Error);
  }

  /** Calls whom the request matches, and keeps what the response will need. */
  function judge(
    request: FastifyRequest,
    reply: FastifyReply,
    done: HookHandlerDoneFunction,
    name: string,
    context: OperationCaller,
    pending: PendingMessage | undefined,
  ): void {
    const shownHeaders = edge.shownHeaders((header) => request.headers[header]);
    let processed = () => shownBody(request.body);

    const proceed = () => {
      const response = edge.pending('response', name, context);
      if (response)
        keepCall(request, {
          pending: response,
          request: processed,
          shownHeaders,
          headersBefore: new Set(Object.keys(reply.getHeaders())),
          isJudged: false,
        });
      runInContext(context, done);
    };

    if (!pending) {
      proceed();
      return;
    }
    const validated = new Map<JSONValue, unknown>();
    const signal = clientGone(reply.raw);
    pending
      .fire({
        content: () => shownBody(request.body),
        acceptsNull: isShowable(request.body),
        objection: (amended) => {
          const result = validateAmended(request, amended);
          if (!result) return `what it made of ${name} does not fit the schema of the route`;
          validated.set(amended, result.body);
          return undefined;
        },
        headers: shownHeaders,
        signal,
      })
      .then(
        (result) => {
          if (result) {
            request.body = validated.get(result.amended);
            processed = () => result.amended;
          }
          proceed();
        },
        (error: unknown) => {
          // Where the client has gone, nobody is left to be answered.
          if (!signal.aborted) fail(request, reply, done, error);
        },
      );
  }

  function preHandler(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
    const method = request.routeOptions.config.actionsMethod;
    if (method === undefined) {
      done();
      return;
    }
    const name = nameOf(method);
    let context;
    try {
      context = edge.enter(name, caller?.(request), singleHeader(request.headers, depthHeaderName));
    } catch (error) {
      fail(request, reply, done, error);
      return;
    }
    const pending = edge.pending('request', name, context);
    if (!pending && !edge.pending('response', name, context)) runInContext(context, done);
    else judge(request, reply, done, name, context, pending);
  }

  return preHandler;
}
