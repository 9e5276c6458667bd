import type { FastifyReply, FastifyRequest } from 'fastify';
import { runInContext } from '../../hooks/context/caller.js';
import type { OperationCaller } from '../../hooks/operations/admission.js';
import type { PendingMessage } from '../../hooks/request.js';
import type { HeldResponse } from '../http/heldResponse.js';
import { scopeOf, type CallerScope } from '../inContext.js';

/** A request whose response matches targets. */
export interface Call {
  readonly pending: PendingMessage;
  /** The request as it was processed. */
  readonly request: () => unknown;
  readonly shownHeaders: (() => object | undefined) | undefined;
  /** The headers before the handler ran. */
  readonly headersBefore: Headers;
  readonly held: HeldResponse;
  /** The names of the trailers that the handler added. */
  readonly trailers: Set<string>;
  /** Whether the targets of the response were called: they are called once. */
  isAsked: boolean;
  /** Whether the route's serialiser produced the payload. */
  isSerialised: boolean;
  /** The JSON payload before a later hook replaced it. */
  json: string | undefined;
}

/** A request of a route with `actionsMethod`: the scope of its listeners, and the state of its response. */
export class EnteredRequest implements CallerScope {
  readonly name: string;
  readonly context: OperationCaller;
  /** Whether the route has a `handlerTimeout`. */
  readonly hasTimeout: boolean;
  /** `undefined` where the response matches no target. */
  call: Call | undefined = undefined;

  constructor(name: string, context: OperationCaller, hasTimeout: boolean) {
    this.name = name;
    this.context = context;
    this.hasTimeout = hasTimeout;
  }

  run<Result>(action: () => Result): Result {
    return runInContext(this.context, action);
  }
}

/**
 * The state of a request; `undefined` where a hook answered before the guard ran. The scope of the request's listeners
 * stores it: a property on Fastify's request would cost every request.
 */
export function enteredOf(request: FastifyRequest): EnteredRequest | undefined {
  const scope = scopeOf(request.raw);
  return scope instanceof EnteredRequest ? scope : undefined;
}

/** The headers at one time. */
type Headers = ReadonlyMap<string, number | string | readonly string[]>;

export const headersOf = (reply: FastifyReply): Headers =>
  new Map(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
      // Copy the list of cookies: Fastify appends to it in place.
      value === undefined ? [] : [[name, Array.isArray(value) ? [...value] : value]],
    ),
  );

/** Restores the recorded headers. */
export function restoreHeaders(reply: FastifyReply, before: Headers): void {
  const isSame = (one: unknown, other: unknown) => one === other || String(one) === String(other);
  const now = reply.getHeaders();
  for (const name of Object.keys(now)) if (!isSame(now[name], before.get(name))) reply.removeHeader(name);
  for (const [name, value] of before) if (!reply.hasHeader(name)) reply.header(name, value);
}
