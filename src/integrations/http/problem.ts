import { STATUS_CODES } from 'node:http';
import { isActionsError, type ActionsError } from '../../errors.js';
import { publicMessage } from '../publicMessage.js';

export const problemContentType = 'application/problem+json';

/** The body of an interruption: a problem of RFC 9457, with the error's code. */
interface Problem {
  readonly type: 'about:blank';
  /** The phrase of the status, as the problem type requires. */
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** Why a target interrupted. */
  readonly reason?: string;
}

/** The body for an error of another library, which callers outside may not see. */
export const unknownProblem = { type: 'about:blank', title: 'Internal Server Error', status: 500 } as const;

export function problemOf(error: ActionsError): Problem {
  const { status, code } = error;
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: publicMessage(error),
    code,
    ...(isActionsError(error, 'TARGET_INTERRUPTED') && { reason: error.reason }),
  };
}
