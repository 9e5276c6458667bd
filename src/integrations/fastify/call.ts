import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PendingMessage } from '../../hooks/request.js';
import type { HeldResponse } from '../http/heldResponse.js';

/** What is known of a request whose response has targets to call. */
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
  /** Whether targets were asked: a response is judged once. */
  isAsked: boolean;
  /** Whether the payload went through the serialiser of the route. */
  isSerialised: boolean;
  /** The payload of JSON before a later hook made something else of it. */
  json: string | undefined;
}

/** A property that Fastify knew of would cost every request. */
const callKey = Symbol('eventstore-actions');
type Keeper = { [callKey]?: Call | 'none' };

/** `none` where no target is called for the response, `undefined` where the request did not get as far as its handler. */
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

/** Takes back what was said in headers since then. */
export function restoreHeaders(reply: FastifyReply, before: Headers): void {
  const isSame = (one: unknown, other: unknown) => one === other || String(one) === String(other);
  const now = reply.getHeaders();
  for (const name of Object.keys(now)) if (!isSame(now[name], before.get(name))) reply.removeHeader(name);
  for (const [name, value] of before) if (!reply.hasHeader(name)) reply.header(name, value);
}
