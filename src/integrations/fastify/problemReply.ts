import type { FastifyReply, FastifyRequest } from 'fastify';
import { isActionsError, type ActionsError } from '../../errors.js';
import { problemContentType, problemOf } from '../http/problem.js';

export function logProblem(request: FastifyRequest, error: ActionsError): void {
  request.log.info({ err: error }, 'answered with the problem of an action');
}

/** Sets the status and the type of a problem (RFC 9457), logs the error, and returns the body. */
export function problemBody(request: FastifyRequest, reply: FastifyReply, error: ActionsError): string {
  logProblem(request, error);
  reply.code(error.status).type(problemContentType);
  return JSON.stringify(problemOf(error));
}

/**
 * An error handler: it answers errors of this library from handlers, such as the veto of an append, with their status and a
 * problem body (RFC 9457). All other errors go to the surrounding error handler.
 */
export function actionsProblems(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (!isActionsError(error)) throw error;
  void reply.send(problemBody(request, reply, error));
}
