import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { isActionsError } from '../../errors.js';
import { runInContext } from '../../hooks/context/caller.js';
import type { PendingMessage } from '../../hooks/request.js';
import type { JSONValue } from '../../ports.js';
import type { Edge } from '../edge.js';
import { clientGone } from '../http/clientGone.js';
import { isShowable, shownBody } from '../http/httpBody.js';
import { validateAmended } from './amendedBody.js';
import type { EnteredRequest } from './call.js';
import type { CallEntry } from './enterCall.js';
import { problemBody } from './problemReply.js';

/** A request before its handler runs. */
interface Arrival {
  readonly entered: EnteredRequest;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly done: HookHandlerDoneFunction;
}

function fail({ request, reply, done }: Omit<Arrival, 'entered'>, error: unknown): void {
  if (isActionsError(error)) void reply.send(problemBody(request, reply, error));
  else done(error as Error);
}

/** Calls the targets of a request before its handler runs, and runs the handler in the context of the caller. */
export function createRequestGuard(edge: Edge, { enter, admit }: CallEntry) {
  function proceed({ request, reply, entered, done }: Arrival, amended?: { readonly value: unknown }): void {
    admit(request, reply, entered, amended);
    runInContext(entered.context, done);
  }

  /** Calls the targets that the request matches. */
  function judge(arrival: Arrival, pending: PendingMessage): void {
    const { request, reply } = arrival;
    const { name } = arrival.entered;
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
        headers: edge.shownHeaders((header) => request.headers[header]),
        signal,
      })
      .then(
        (result) => {
          if (result) request.body = validated.get(result.amended);
          proceed(arrival, result && { value: result.amended });
        },
        (error: unknown) => {
          // The client has gone: no response can be sent.
          if (!signal.aborted) fail(arrival, error);
        },
      );
  }

  return function preHandler(
    request: FastifyRequest,
    reply: FastifyReply,
    done: HookHandlerDoneFunction,
  ): void {
    let entered;
    try {
      entered = enter(request);
    } catch (error) {
      fail({ request, reply, done }, error);
      return;
    }
    if (!entered) {
      done();
      return;
    }
    const arrival = { entered, request, reply, done };
    const pending = edge.pending('request', entered.name, entered.context);
    if (pending) judge(arrival, pending);
    else proceed(arrival);
  };
}
