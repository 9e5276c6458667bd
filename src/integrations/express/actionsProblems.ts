import type { NextFunction, Request, Response } from 'express';
import { isActionsError } from '../../errors.js';
import { sendProblem } from './sendProblem.js';

/**
 * Makes error-handling middleware: it answers errors of this library from handlers, such as the veto of an append, with
 * their status and a problem body (RFC 9457). All other errors go to the next error handler.
 */
export function actionsProblems(
  error: unknown,
  _request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (isActionsError(error) && !response.headersSent) sendProblem(response, error);
  else next(error);
}
