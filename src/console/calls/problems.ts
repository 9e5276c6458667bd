import { Code, ConnectError } from '@connectrpc/connect';
import { isActionsError } from '../../errors.js';
import { ErrorDetailSchema } from '../../zitadel/generated/error_detail_pb.js';
import { statusOf } from '../../zitadel/serving/restHandler.js';
import type { Problem } from '../wire/shared.js';

/** An error of the console itself. */
export class ConsoleProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ConsoleProblem';
    this.status = status;
    this.code = code;
  }
}

interface AnsweredProblem {
  readonly status: number;
  readonly problem: Problem;
}

const failed = 'the request failed; it may be sent again';

/** `PermissionDenied` to `PERMISSION_DENIED`. */
const codeName = (code: Code): string => Code[code].replaceAll(/(?!^)[A-Z]/g, '_$&').toUpperCase();

/**
 * The part of an error that a caller may see. Errors of other libraries and of the event store are not shown: they may name
 * hosts and streams.
 */
export function problemOf(error: unknown): AnsweredProblem {
  if (error instanceof ConsoleProblem)
    return { status: error.status, problem: { code: error.code, message: error.message } };
  if (error instanceof ConnectError) {
    const status = statusOf(error);
    const [detail] = error.findDetails(ErrorDetailSchema);
    const message = status < 500 ? (detail?.message ?? error.rawMessage) : failed;
    return { status, problem: { code: codeName(error.code), message } };
  }
  if (!isActionsError(error)) return { status: 500, problem: { code: 'UNEXPECTED', message: failed } };
  const { code, status } = error;
  if (code === 'CONCURRENCY_CONFLICT')
    return {
      status,
      problem: { code, message: 'it has changed since it was shown; nothing was written: look at it again' },
    };
  return { status, problem: { code, message: status < 500 ? error.message : failed } };
}
