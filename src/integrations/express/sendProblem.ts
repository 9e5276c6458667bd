import type { Response } from 'express';
import type { ActionsError } from '../../errors.js';
import { problemContentType, problemOf } from '../http/problem.js';

/** Answers with a problem body. `end` sends past the held response. */
export function sendProblem(
  response: Response,
  error: ActionsError,
  end: (body: string) => unknown = response.end.bind(response),
): void {
  const body = JSON.stringify(problemOf(error));
  response.statusCode = error.status;
  response.setHeader('content-type', problemContentType);
  response.setHeader('content-length', Buffer.byteLength(body));
  end(body);
}
