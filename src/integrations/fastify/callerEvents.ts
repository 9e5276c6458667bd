import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventEmitter } from 'node:events';
import { emitInContext, signalInContext } from '../inContext.js';
import type { EnteredRequest } from './call.js';

/**
 * Runs the listeners of request, body, signal and response in the caller's context.
 *
 * The signal aborts on an event of the request, whose listeners already run there. The signal of a route with a
 * `handlerTimeout` aborts by a timer that was started before: only then the request gets another signal, which costs as
 * much as a whole request.
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
