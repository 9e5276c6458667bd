import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PendingMessage } from '../../hooks/request.js';
import type { HeldResponse } from '../http/heldResponse.js';

/** A request whose response has targets to call. */
export interface Call {
  readonly pending: PendingMessage;
  /** The request as it was processed. */
  readonly request: () => unknown;
  readonly shownHeaders: (() => object | undefined) | undefined;
  /** The headers that were there before the handler ran. */
  readonly headersBefore: Headers;
  readonly held: HeldResponse;
  /** Names of the trailers that the handler added. */
  readonly trailers: Set<string>;
  /** Whether targets were called: a response is judged once. */
  isAsked: boolean;
  /** Whether the route's serialiser produced the payload. */
  isSerialised: boolean;
  /** The JSON payload before a later hook replaced it. */
  json: string | undefined;
}

/** A decorated property would cost every request. */
const callKey = Symbol('eventstore-actions');
type Keeper = { [callKey]?: Call | 'none' };

/** `none` where no target is called for the response, `undefined` where the request did not reach its handler. */
export const callOf = (request: FastifyRequest): Call | 'none' | undefined => (request as Keeper)[callKey];

export function keepCall(request: FastifyRequest, call: Call | 'none'): void {
  (request as Keeper)[callKey] = call;
}

/** Headers at one time. */
export type Headers = ReadonlyMap<string, number | string | readonly string[]>;

export const headersOf = (reply: FastifyReply): Headers =>
  new Map(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
      // Fastify adds to the list of cookies in place.
      value === undefined ? [] : [[name, Array.isArray(value) ? [...value] : value]],
    ),
  );

/** Removes the headers that were set since then. */
export function restoreHeaders(reply: FastifyReply, before: Headers): void {
  const isSame = (one: unknown, other: unknown) => one === other || String(one) === String(other);
  const now = reply.getHeaders();
  for (const name of Object.keys(now)) if (!isSame(now[name], before.get(name))) reply.removeHeader(name);
  for (const [name, value] of before) if (!reply.hasHeader(name)) reply.header(name, value);
}
