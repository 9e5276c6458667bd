import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventEmitter } from 'node:events';
import { emitInContext, signalInContext } from '../inContext.js';
import type { EnteredRequest } from './call.js';

/**
 * Runs listeners of the request, its body and its signal, and of the response, in the caller's context.
 *
 * The signal aborts at an event of the request, which is heard already. That of a route with a `handlerTimeout` aborts by a
 * timer that is older than the caller: only there the request gets a signal of its own, which costs as much as a whole request.
 */
export function hearInContext(request: FastifyRequest, reply: FastifyReply, entered: EnteredRequest): void {
  emitInContext(request.raw, entered);
  emitInContext(reply.raw, entered);
  const { body } = request;
  if (body instanceof EventEmitter && body !== (request.raw as unknown))
    emitInContext(body as EventEmitter, entered);
  if (entered.hasTimeout)
    Object.defineProperty(request, 'signal', {
      configurable: true,
      value: signalInContext(request.signal, entered),
    });
}
