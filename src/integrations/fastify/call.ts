import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PendingMessage } from '../../hooks/request.js';

/** What is known of a request whose response somebody is to be called for. */
export interface Call {
  readonly pending: PendingMessage;
  /** The request as it was processed. */
  readonly request: () => unknown;
  readonly shownHeaders: (() => object | undefined) | undefined;
  /** Names of the headers that were there before the handler ran. */
  readonly headersBefore: ReadonlySet<string>;
  isJudged: boolean;
}

/** Only requests whose response is judged have one: a property that Fastify knew of would cost every request. */
const callKey = Symbol('eventstore-actions');

export const callOf = (request: FastifyRequest): Call | undefined =>
  (request as { [callKey]?: Call })[callKey];

export function keepCall(request: FastifyRequest, call: Call): void {
  (request as { [callKey]?: Call })[callKey] = call;
}

/** Takes back what the handler said in headers: it is not answered. */
export function dropHeaders(reply: FastifyReply, { headersBefore }: Call): void {
  for (const name of Object.keys(reply.getHeaders())) if (!headersBefore.has(name)) reply.removeHeader(name);
}
