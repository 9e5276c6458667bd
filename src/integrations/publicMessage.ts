import {
  interruptedSentence,
  isActionsError,
  publicSentences,
  type ActionsError,
  type ActionsErrorCode,
} from '../errors.js';

const unknownFailure = 'this service failed';

type Withheld = Exclude<ActionsErrorCode, 'INVALID_ARGUMENT' | 'TARGET_INTERRUPTED'>;

/**
 * The public message of each code, without the names of targets, executions, streams and stores in the messages for
 * operators.
 */
const sentences: Readonly<Record<Withheld, string>> = {
  ...publicSentences,
  TARGET_NOT_FOUND: 'there is no such target',
  EXECUTION_NOT_FOUND: 'there is no such execution',
  CONDITION_NOT_FOUND: 'there is no such condition',
  PUBLIC_KEY_NOT_FOUND: 'there is no such public key',
  ALREADY_EXISTS: 'it exists already',
  CIRCULAR_INCLUDE: 'the includes form a circle',
  MAX_INCLUDE_DEPTH: 'the includes are chained too deep',
  ACTIONS_CLOSED: 'this service is about to stop',
  MISSING_DEPENDENCY: 'this service is not installed completely',
  INVALID_SIGNATURE: 'the signature of the call is not valid',
  SECRET_UNREADABLE: 'a secret of this service cannot be read',
  CALL_FAILED: 'a policy of this service failed',
};

/**
 * The message of an error for a caller outside the process. A verdict keeps the target's words, and the message of a
 * caller's own mistake is unchanged. For all other errors the name, id and endpoint of a target stay with operators (rule
 * C4).
 */
export function publicMessage(error: ActionsError): string {
  if (isActionsError(error, 'INVALID_ARGUMENT')) return error.message;
  if (!isActionsError(error)) return unknownFailure;
  if (!isActionsError(error, 'TARGET_INTERRUPTED'))
    // Another copy of the package may have codes that this copy does not know.
    return (sentences as Readonly<Record<string, string>>)[error.code] ?? unknownFailure;
  return interruptedSentence(error.reason, error.forwardedMessage);
}
