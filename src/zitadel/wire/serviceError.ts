import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { isActionsError, type ActionsError, type ActionsErrorCode } from '../../index.js';
import { ErrorDetailSchema } from '../generated/error_detail_pb.js';

type Named = readonly [message: string, id: string];

/** ZITADEL's texts for our errors, with its ids where it has one. */
const named: Partial<Record<ActionsErrorCode, Named>> = {
  TARGET_NOT_FOUND: ['Errors.Target.NotFound', 'COMMAND-xj14f2cccn'],
  EXECUTION_NOT_FOUND: ['Errors.Execution.NotFound', 'COMMAND-suq2upd3rt'],
  CONDITION_NOT_FOUND: ['Errors.Execution.ConditionInvalid', 'COMMAND-74aaqj8fv9'],
  PUBLIC_KEY_NOT_FOUND: ['Errors.Target.PublicKey.NotFound', 'ACTIONS-PublicKeyNotFound'],
  ALREADY_EXISTS: ['Errors.Target.AlreadyExists', 'V3-DKcYh'],
  CIRCULAR_INCLUDE: ['Errors.Execution.CircularInclude', 'COMMAND-mo1cmjp5k7'],
  MAX_INCLUDE_DEPTH: ['Errors.Execution.MaxLevelsInclude', 'COMMAND-gbhd3g57oo'],
  CONCURRENCY_CONFLICT: ['Errors.Conflict', 'ACTIONS-ConcurrencyConflict'],
};

const deniedURL: Named = ['Errors.Target.DeniedURL', 'COMMAND-NcJUKo'];
const internal = 'Errors.Internal';

/**
 * An error in the form that ZITADEL's clients know: the message `Errors.X (ID)`, with a detail that has the id and what
 * happened.
 *
 * @param what - text for people; the caller sees it
 */
export function serviceError(code: Code, message: string, id: string, what: string): ConnectError {
  const detail = { desc: ErrorDetailSchema, value: create(ErrorDetailSchema, { id, message: what }) };
  return new ConnectError(`${message} (${id})`, code, undefined, [detail]);
}

/** The error of a request that is not a message of its type. */
export const malformedRequest = (what: string): ConnectError =>
  serviceError(Code.InvalidArgument, 'Errors.Request.Malformed', 'ACTIONS-MalformedRequest', what);

/** `CONCURRENCY_CONFLICT` to `ACTIONS-ConcurrencyConflict`. */
const idOf = (code: ActionsErrorCode): string =>
  `ACTIONS-${code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;

function ofActions(error: ActionsError): ConnectError {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the codes of gRPC are those of Connect
  const code: Code = error.grpcCode;
  // Other errors may name hosts and streams, which the caller must not learn.
  if (error.status >= 500)
    return serviceError(code, internal, idOf(error.code), 'the request failed; it may be sent again');
  if (isActionsError(error, 'INVALID_ARGUMENT') && error.rule === undefined)
    return serviceError(code, error.message, idOf(error.code), error.message);
  const [message, id] = isActionsError(error, 'INVALID_ARGUMENT')
    ? deniedURL
    : (named[error.code] ?? [internal, idOf(error.code)]);
  return serviceError(code, message, id, error.message);
}

/** The error that a call ends with. An error that is not of this library is not shown. */
export function asServiceError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  if (isActionsError(error)) return ofActions(error);
  return serviceError(Code.Internal, internal, 'ACTIONS-Unexpected', 'the request failed');
}
