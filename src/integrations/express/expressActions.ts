import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { isActionsError } from '../../errors.js';
import { isWithin, runInContext, type Caller } from '../../hooks/context/caller.js';
import { depthHeaderName } from '../../lib/reading/depthHeader.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireFunction } from '../../lib/reading/reading.js';
import { methodName } from '../../hooks/methodName.js';
import { edgeOf, type EdgeActions } from '../edge.js';
import { clientGone } from '../http/clientGone.js';
import type { OperationCaller } from '../../hooks/operations/admission.js';
import type { PendingMessage } from '../../hooks/request.js';
import { emitInContext, type CallerScope } from '../inContext.js';
import { isShowable, shownBody, singleHeader } from '../http/httpBody.js';
import { guardResponse } from './guardResponse.js';
import { sendProblem } from './sendProblem.js';

/** The options of {@link expressActions}. */
export interface ExpressActionsOptions {
  /** The name of the route in conditions: `/<service>/<method>`. */
  readonly method: string;
  /**
   * Returns the caller of a request. Where it throws, the request fails with its error before any target is called.
   * @defaultValue no caller: the default instance
   */
  readonly caller?: (request: Request) => Caller;
}

const optionNames: OptionNames<ExpressActionsOptions> = { method: true, caller: true };

/** A request with its caller, and the scope of its listeners. */
class ExpressCall implements CallerScope {
  readonly request: Request;
  readonly response: Response;
  readonly next: NextFunction;
  readonly context: OperationCaller;

  constructor(request: Request, response: Response, next: NextFunction, context: OperationCaller) {
    this.request = request;
    this.response = response;
    this.next = next;
    this.context = context;
  }

  run<Result>(action: () => Result): Result {
    return runInContext(this.context, action);
  }
}

function fail(response: Response, next: NextFunction, error: unknown): void {
  if (isActionsError(error)) sendProblem(response, error);
  else next(error);
}

/**
 * Makes middleware for a route of Express 5 or 4: it calls targets with the request's body before the next handlers run,
 * and with the response's body before it is sent. Register it after the body parser and the authentication.
 *
 * A refused request or response is answered with the refusal's status and a problem body (RFC 9457), and nothing of the
 * handler's answer is sent. A response with status 400 or above calls no target. Where no execution matches, request and
 * response stay unchanged.
 *
 * @throws {@link InvalidArgumentError} for a method that is not written `/<service>/<method>`
 */
export function expressActions(actions: EdgeActions, options: ExpressActionsOptions): RequestHandler {
  const edge = edgeOf(actions);
  const { method, caller } = readOptions(options, optionNames, 'expressActions');
  requireFunction(caller, 'caller');
  const name = methodName(method);

  /** Holds the response where targets match it, and runs the next handlers. */
  function proceed(call: ExpressCall, processed: () => unknown): void {
    const { request, response, next, context } = call;
    const pending = edge.pending('response', name, context);
    if (pending)
      guardResponse(
        response,
        next,
        () => isWithin(context),
        ({ content, ...shown }) =>
          pending.fire({
            ...shown,
            content: () => content,
            request: processed,
            headers: edge.shownHeaders((header) => request.headers[header]),
          }),
      );
    runInContext(context, next);
  }

  function judge(call: ExpressCall, pending: PendingMessage): void {
    const { request, response, next } = call;
    const signal = clientGone(response);
    pending
      .fire({
        content: () => shownBody(request.body),
        acceptsNull: isShowable(request.body),
        headers: edge.shownHeaders((header) => request.headers[header]),
        signal,
      })
      .then(
        (result) => {
          if (result) request.body = result.amended;
          proceed(call, result ? () => result.amended : () => shownBody(request.body));
        },
        (error: unknown) => {
          // The client has gone: no response can be sent.
          if (!signal.aborted) fail(response, next, error);
        },
      );
  }

  return (request, response, next) => {
    let context;
    try {
      context = edge.enter(name, caller?.(request), singleHeader(request.headers, depthHeaderName));
    } catch (error) {
      fail(response, next, error);
      return;
    }
    const call = new ExpressCall(request, response, next, context);
    emitInContext(request, call);
    emitInContext(response, call);
    const pending = edge.pending('request', name, context);
    if (pending) judge(call, pending);
    else proceed(call, () => shownBody(request.body));
  };
}
