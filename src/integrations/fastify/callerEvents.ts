import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventEmitter } from 'node:events';
import { runInContext, type CallerContext } from '../../hooks/context/caller.js';
import { emitInContext, signalInContext } from '../inContext.js';

/** Runs listeners of the request, its body and its signal, and of the response, in the caller's context. */
export function hearInContext(request: FastifyRequest, reply: FastifyReply, context: CallerContext): void {
  const scope = { run: <Result>(action: () => Result) => runInContext(context, action) };
  emitInContext(request.raw, scope);
  emitInContext(reply.raw, scope);
  const { body } = request;
  if (body instanceof EventEmitter && body !== (request.raw as unknown))
    emitInContext(body as EventEmitter, scope);
  // Fastify 4 has no signal.
  const prototype = Object.getPrototypeOf(request) as object;
  if (!('signal' in prototype)) return;
  let signal: AbortSignal | undefined;
  Object.defineProperty(request, 'signal', {
    configurable: true,
    get: () => (signal ??= signalInContext(Reflect.get(prototype, 'signal', request) as AbortSignal, scope)),
  });
}
