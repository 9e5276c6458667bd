import type { ExpectedVersion } from './ports.js';
import { shownText } from './lib/shown/shownText.js';
import { counted } from './lib/shown/figures.js';

/** gRPC status codes by name, as the gRPC specification numbers them. */
const grpc = {
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** Every code an {@link ActionsError} can carry. */
export type ActionsErrorCode =
  | 'INVALID_ARGUMENT'
  | 'TARGET_NOT_FOUND'
  | 'EXECUTION_NOT_FOUND'
  | 'CONDITION_NOT_FOUND'
  | 'PUBLIC_KEY_NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'CONCURRENCY_CONFLICT'
  | 'STREAM_DELETED'
  | 'APPEND_TOO_LARGE'
  | 'CIRCULAR_INCLUDE'
  | 'MAX_INCLUDE_DEPTH'
  | 'TARGET_INTERRUPTED'
  | 'DEADLINE_EXCEEDED'
  | 'REENTRANCY_LIMIT'
  | 'ACTIONS_CLOSED'
  | 'MISSING_DEPENDENCY'
  | 'INDEX_NOT_READY'
  | 'EVENT_STORE_ACCESS_DENIED'
  | 'EVENT_STORE_UNAVAILABLE'
  | 'EVENT_STORE_CONTRACT'
  | 'INVALID_SIGNATURE'
  | 'OUTCOME_UNKNOWN'
  | 'SECRET_UNREADABLE'
  | 'CALL_FAILED';

/**
 * The base of every error of this library. Tell them apart by `code` (see {@link isActionsError}), which also works
 * when two copies of the package are loaded.
 *
 * The `message` of an error that an operation ends with (an append, a request, a response, a function) may be shown to
 * callers outside: it names no target, execution, stream or store. `detail` and the other fields do, and are for
 * operators.
 */
export abstract class ActionsError extends Error {
  /** The class name without `Error`, in upper snake case; the same in every copy of the package. */
  abstract readonly code: ActionsErrorCode;
  /** HTTP status. */
  abstract readonly status: number;
  /** Status code of gRPC. */
  abstract readonly grpcCode: number;
  /** For operators: what happened, to which target or stream, and what to do. Absent where `message` says all of it. */
  declare readonly detail?: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }

  /** `status`, under the name that Fastify, NestJS and http-errors read. */
  get statusCode(): number {
    return this.status;
  }

  /** `status`, under the name that Emmett's web packages read. */
  get errorCode(): number {
    return this.status;
  }
}

/** The messages for callers outside: they name no target, execution, stream or store. */
export const publicSentences = {
  CONCURRENCY_CONFLICT: 'it was changed meanwhile: read it again and decide again',
  STREAM_DELETED: 'it is deleted',
  APPEND_TOO_LARGE: 'it is larger than what can be stored',
  DEADLINE_EXCEEDED: 'the time for the policies of this service is spent',
  REENTRANCY_LIMIT: 'policies of this service call each other in a circle',
  INDEX_NOT_READY: 'this service does not know its policies yet: try again later',
  EVENT_STORE_ACCESS_DENIED: 'this service may not do that in its event store',
  EVENT_STORE_UNAVAILABLE: 'the event store of this service cannot be reached: try again later',
  EVENT_STORE_CONTRACT: 'the event store of this service does not work as it should',
  OUTCOME_UNKNOWN: 'it is not known whether this was written: read it again',
} as const satisfies Partial<Record<ActionsErrorCode, string>>;

/** The message for callers outside where a target stopped the operation. */
export const interruptedSentence = (reason: InterruptReason, forwardedMessage?: string): string => {
  if (reason === 'refused') return forwardedMessage ?? 'a policy of this service refused the call';
  return reason === 'timeout'
    ? 'a policy of this service did not answer in time'
    : 'a policy of this service failed';
};

/** An error whose `message` callers outside may read, and whose `detail` they may not. */
abstract class OperationError extends ActionsError {
  override readonly detail: string;

  constructor(message: string, detail: string, options?: ErrorOptions) {
    super(message, options);
    this.detail = detail;
  }
}

/**
 * The caller passed an argument that is not valid.
 *
 * @written nothing
 * @remedy mend the input as the message says
 */
export class InvalidArgumentError extends ActionsError {
  readonly code = 'INVALID_ARGUMENT';
  readonly status = 400;
  readonly grpcCode = grpc.invalidArgument;
  /** The rule of the network policy that refused an endpoint; absent otherwise. */
  readonly rule?: string;

  constructor(message: string, options?: ErrorOptions & { readonly rule?: string }) {
    super(message, options);
    if (options?.rule !== undefined) this.rule = options.rule;
  }
}

/**
 * The instance has no target of this id.
 *
 * @written nothing
 * @remedy list the targets; pass an id of the caller's own instance
 */
export class TargetNotFoundError extends ActionsError {
  readonly code = 'TARGET_NOT_FOUND';
  readonly status = 404;
  readonly grpcCode = grpc.notFound;
  /** The target's id. */
  readonly targetID: string;

  constructor(targetID: string) {
    super(
      `there is no target with the id ${shownText(targetID)} in this instance; list the targets to see their ids`,
    );
    this.targetID = targetID;
  }
}

/**
 * The instance has no execution of this id.
 *
 * @written nothing
 * @remedy set the execution before it is included or read
 */
export class ExecutionNotFoundError extends ActionsError {
  readonly code = 'EXECUTION_NOT_FOUND';
  readonly status = 404;
  readonly grpcCode = grpc.notFound;
  /** The execution's id. */
  readonly executionID: string;

  constructor(executionID: string) {
    super(
      `there is no execution ${shownText(executionID)} in this instance; set it before it is included or read`,
    );
    this.executionID = executionID;
  }
}

/**
 * The target has no public key of this id.
 *
 * @written nothing
 * @remedy list the keys of the target
 */
export class PublicKeyNotFoundError extends ActionsError {
  readonly code = 'PUBLIC_KEY_NOT_FOUND';
  readonly status = 404;
  readonly grpcCode = grpc.notFound;
  /** The target's id. */
  readonly targetID: string;
  /** The key's id. */
  readonly keyID: string;

  constructor(targetID: string, keyID: string) {
    super(
      `the target ${shownText(targetID)} has no public key ${shownText(keyID)}; nothing was written: ` +
        'list its keys to see which exist',
    );
    this.targetID = targetID;
    this.keyID = keyID;
  }
}

/**
 * A condition names a method, service, function or event that the registered catalogue does not know.
 *
 * @written nothing
 * @remedy use a name of `actions.catalogue()`, or register the name
 */
export class ConditionNotFoundError extends ActionsError {
  readonly code = 'CONDITION_NOT_FOUND';
  readonly status = 404;
  readonly grpcCode = grpc.notFound;
}

/**
 * Another target of the instance has this name, or the target has a public key of this id.
 *
 * @written nothing
 * @remedy choose another name or id
 */
export class AlreadyExistsError extends ActionsError {
  readonly code = 'ALREADY_EXISTS';
  readonly status = 409;
  readonly grpcCode = grpc.alreadyExists;
}

/**
 * The stream does not have the version that the append expected.
 *
 * @written nothing
 * @remedy read the stream again and decide again
 */
export class ConcurrencyConflictError extends OperationError {
  readonly code = 'CONCURRENCY_CONFLICT';
  readonly status = 409;
  readonly grpcCode = grpc.aborted;
  /** The stream's name. */
  readonly stream: string;
  /** The expectation that was sent. */
  readonly expectedVersion: ExpectedVersion;
  /** The actual version of the stream; `undefined` where the store does not tell. */
  readonly actualVersion: bigint | 'no-stream' | undefined;

  constructor(
    stream: string,
    expectedVersion: ExpectedVersion,
    actualVersion: bigint | 'no-stream' | undefined,
    options?: ErrorOptions,
  ) {
    const actual = actualVersion === undefined ? 'something else' : String(actualVersion);
    super(
      publicSentences.CONCURRENCY_CONFLICT,
      `stream ${shownText(stream)} was expected at ${String(expectedVersion)} but is at ${actual}; ` +
        'nothing was appended: read the stream again and decide again',
      options,
    );
    this.stream = stream;
    this.expectedVersion = expectedVersion;
    this.actualVersion = actualVersion;
  }
}

/**
 * The stream was deleted for good.
 *
 * @written nothing
 * @remedy use another stream
 */
export class StreamDeletedError extends OperationError {
  readonly code = 'STREAM_DELETED';
  readonly status = 410;
  readonly grpcCode = grpc.failedPrecondition;
  /** The stream's name. */
  readonly stream: string;

  constructor(stream: string, options?: ErrorOptions) {
    super(
      publicSentences.STREAM_DELETED,
      `stream ${shownText(stream)} is deleted; nothing was appended or read`,
      options,
    );
    this.stream = stream;
  }
}

/**
 * The events of an append are larger than the store accepts.
 *
 * @written nothing
 * @remedy append less at once, or raise the limit of the store
 */
export class AppendTooLargeError extends OperationError {
  readonly code = 'APPEND_TOO_LARGE';
  readonly status = 413;
  readonly grpcCode = grpc.resourceExhausted;
  /** The stream's name. */
  readonly stream: string;
  /** Bytes that the store accepts in one append; `undefined` where the store does not tell. */
  readonly maximumBytes: number | undefined;

  constructor(stream: string, maximumBytes?: number, options?: ErrorOptions) {
    const limit = maximumBytes === undefined ? 'what the store accepts' : counted(maximumBytes, 'byte');
    super(
      publicSentences.APPEND_TOO_LARGE,
      `the append to ${shownText(stream)} is larger than ${limit}; nothing was appended`,
      options,
    );
    this.stream = stream;
    this.maximumBytes = maximumBytes;
  }
}

/**
 * A list of an execution would include that execution again.
 *
 * @written nothing
 * @remedy leave one include of `chain` out
 */
export class CircularIncludeError extends ActionsError {
  readonly code = 'CIRCULAR_INCLUDE';
  readonly status = 412;
  readonly grpcCode = grpc.failedPrecondition;
  /** The chain of execution ids that comes back to itself. */
  readonly chain: readonly string[];

  constructor(chain: readonly string[]) {
    super(
      `includes form a circle: ${chain.join(' -> ')}; nothing was written: leave one of these includes out`,
    );
    this.chain = chain;
  }
}

/**
 * Includes would chain more than three executions.
 *
 * @written nothing
 * @remedy include the executions further down directly
 */
export class MaxIncludeDepthError extends ActionsError {
  readonly code = 'MAX_INCLUDE_DEPTH';
  readonly status = 412;
  readonly grpcCode = grpc.failedPrecondition;
  /** The execution ids of the chain, from the top. */
  readonly chain: readonly string[];

  constructor(chain: readonly string[], maximum: number) {
    super(
      `includes may chain at most ${counted(maximum, 'execution')}, this makes ${chain.length}: ${chain.join(' -> ')}; nothing was written`,
    );
    this.chain = chain;
  }
}

/**
 * Why a call was refused or failed, and a target interrupted an operation.
 *
 * - `refused`: it refused the operation by a verdict in its answer
 * - `status`: it answered with a status other than 2xx
 * - `timeout`: it did not answer within its timeout or what was left of the budget of the operation, or before the
 *   actions were closed
 * - `network`: it could not be reached, or the connection ended before the answer did
 * - `address-refused`: the network policy refuses its endpoint; `rule` says why
 * - `answer-too-large`: its answer is longer than `limits.answerBytes` (at most 64 KiB for a webhook), or its headers are
 *   longer than 16 kB
 * - `answer-invalid`: its answer is no valid HTTP, or no content that can take the place of the content sent
 * - `content-too-large`: it was not called: the content is larger than `limits.contentBytes`, or the body than
 *   `limits.bodyBytes`
 * - `content-invalid`: it was not called: the content cannot be shown as JSON within `limits.jsonDepth`
 * - `schema`: the content that it answered with does not meet the schema of the operation
 * - `secret-unreadable`: it was not called: a signing key, a header value or a key of its payload cannot be read
 * - `queue-full`: it was not called: too many calls wait
 * - `circuit-open`: it was not called: its circuit breaker is open after repeated failures
 */
export type InterruptReason =
  | 'refused'
  | 'status'
  | 'timeout'
  | 'network'
  | 'address-refused'
  | 'answer-too-large'
  | 'answer-invalid'
  | 'content-too-large'
  | 'content-invalid'
  | 'schema'
  | 'secret-unreadable'
  | 'queue-full'
  | 'circuit-open';

const grpcCodeOfStatus: Readonly<Record<number, number>> = {
  400: grpc.invalidArgument,
  401: grpc.unauthenticated,
  403: grpc.permissionDenied,
  404: grpc.notFound,
  409: grpc.alreadyExists,
  429: grpc.resourceExhausted,
  504: grpc.deadlineExceeded,
};

/** The fields of a {@link TargetInterruptedError}. */
export interface TargetInterruptedDetails {
  /** The target's id. */
  readonly targetID: string;
  /** The execution whose list names the target. */
  readonly executionID: string;
  /** Why the target stopped the operation. */
  readonly reason: InterruptReason;
  /** HTTP status: 400 to 499 from a verdict, 504 for a time-out, else 412. */
  readonly status: number;
  /** HTTP status of the target's answer; absent where it did not answer. */
  readonly responseStatus?: number;
  /** The message of the target's verdict; absent where the verdict has none. */
  readonly forwardedMessage?: string;
  /** The underlying error; absent where there is none. */
  readonly cause?: unknown;
}

/**
 * A target with `interruptOnError` refused or failed, which stopped the operation.
 *
 * @written nothing by this attempt; an earlier attempt may have written
 * @remedy do what `forwardedMessage` says, or mend the target that `targetID` names, or try later
 */
export class TargetInterruptedError extends OperationError {
  readonly code = 'TARGET_INTERRUPTED';
  readonly status: number;
  readonly grpcCode: number;
  /** The target's id. */
  readonly targetID: string;
  /** The execution's id. */
  readonly executionID: string;
  /** Why the target stopped the operation. */
  readonly reason: InterruptReason;
  /** HTTP status of the target's answer; `undefined` where it did not answer. */
  readonly responseStatus: number | undefined;
  /** The message of the target's verdict for the caller, cleaned; `undefined` where the verdict has none. */
  readonly forwardedMessage: string | undefined;

  /** @param detail what happened, for operators */
  constructor(detail: string, details: TargetInterruptedDetails) {
    const { reason, forwardedMessage, cause } = details;
    super(interruptedSentence(reason, forwardedMessage), detail, cause === undefined ? undefined : { cause });
    this.status = details.status;
    this.grpcCode = grpcCodeOfStatus[details.status] ?? grpc.failedPrecondition;
    this.targetID = details.targetID;
    this.executionID = details.executionID;
    this.reason = details.reason;
    this.responseStatus = details.responseStatus;
    this.forwardedMessage = details.forwardedMessage;
  }
}

/**
 * The budget that the targets of an operation share is spent.
 *
 * @written nothing
 * @remedy try again; shorten the timeouts of slow targets or raise `limits.budgetMs`
 */
export class DeadlineExceededError extends OperationError {
  readonly code = 'DEADLINE_EXCEEDED';
  readonly status = 504;
  readonly grpcCode = grpc.deadlineExceeded;

  constructor(detail: string, options?: ErrorOptions) {
    super(publicSentences.DEADLINE_EXCEEDED, detail, options);
  }
}

/**
 * Endpoints that append called each other in a circle of depth 3.
 *
 * @written nothing
 * @remedy break the circle of endpoints that append
 */
export class ReentrancyLimitError extends OperationError {
  readonly code = 'REENTRANCY_LIMIT';
  readonly status = 508;
  readonly grpcCode = grpc.failedPrecondition;

  constructor(detail: string, options?: ErrorOptions) {
    super(publicSentences.REENTRANCY_LIMIT, detail, options);
  }
}

/**
 * The actions were closed before the call.
 *
 * @written nothing
 * @remedy call before `close()`, or create actions again
 */
export class ActionsClosedError extends ActionsError {
  readonly code = 'ACTIONS_CLOSED';
  readonly status = 503;
  readonly grpcCode = grpc.unavailable;

  constructor() {
    super('this actions object is closed; nothing was called or written');
  }
}

/**
 * An optional package is not installed or does not load.
 *
 * @written nothing
 * @remedy install the package as the message says
 */
export class MissingDependencyError extends ActionsError {
  readonly code = 'MISSING_DEPENDENCY';
  readonly status = 500;
  readonly grpcCode = grpc.internal;
}

/**
 * The condition index is not complete and cannot tell which targets to call.
 *
 * @written nothing
 * @remedy try again; `health()` tells what delays the projection
 */
export class IndexNotReadyError extends OperationError {
  readonly code = 'INDEX_NOT_READY';
  readonly status = 503;
  readonly grpcCode = grpc.unavailable;

  constructor(detail: string, options?: ErrorOptions) {
    super(publicSentences.INDEX_NOT_READY, detail, options);
  }
}

/**
 * The event store does not allow this user the operation.
 *
 * @written nothing
 * @remedy grant the rights that the detail names
 */
export class EventStoreAccessDeniedError extends OperationError {
  readonly code = 'EVENT_STORE_ACCESS_DENIED';
  readonly status = 403;
  readonly grpcCode = grpc.permissionDenied;

  constructor(detail: string, options?: ErrorOptions) {
    super(publicSentences.EVENT_STORE_ACCESS_DENIED, detail, options);
  }
}

/**
 * The event store cannot be reached, or is closed.
 *
 * @written nothing
 * @remedy try again; `cause` is the error of the store's client
 */
export class EventStoreUnavailableError extends OperationError {
  readonly code = 'EVENT_STORE_UNAVAILABLE';
  readonly status = 503;
  readonly grpcCode = grpc.unavailable;

  /** The store was closed, or its client disposed: trying again does not help. */
  readonly closed: boolean;

  constructor(detail: string, options?: ErrorOptions & { readonly closed?: boolean }) {
    super(publicSentences.EVENT_STORE_UNAVAILABLE, detail, options);
    this.closed = options?.closed ?? false;
  }
}

/** A member of the port of event stores. */
export type EventStoreMember = 'append' | 'readStream' | 'subscribe' | 'head' | 'firstVersion';

/**
 * An event store breaks the contract of its port: a member returned a value outside of the contract, or threw a
 * value that is no `Error`.
 *
 * @written unknown where `member` is `append`, else nothing
 * @remedy mend the store; `eventStoreContract` of `eventstore-actions/testing` finds what it does wrong
 */
export class EventStoreContractError extends OperationError {
  readonly code = 'EVENT_STORE_CONTRACT';
  readonly status = 500;
  readonly grpcCode = grpc.internal;
  /** The member that broke its contract. */
  readonly member: EventStoreMember;

  constructor(member: EventStoreMember, problem: string, options?: ErrorOptions) {
    const written = member === 'append' ? 'it is unknown whether it wrote' : 'this attempt wrote nothing';
    super(
      publicSentences.EVENT_STORE_CONTRACT,
      `${member} of the event store breaks its contract: ${problem}; ${written}. ` +
        'Run eventStoreContract of eventstore-actions/testing on the store',
      options,
    );
    this.member = member;
  }
}

/** Why a receiver does not accept a call. */
export type InvalidSignatureReason =
  | 'missing'
  | 'malformed'
  | 'too-old'
  | 'too-new'
  | 'mismatch'
  | 'unknown-key'
  | 'jwks-unavailable'
  | 'jwt'
  | 'jwe';

/**
 * A received call is not proven to come from the sender. Answer it with `status` and do nothing else.
 *
 * @written nothing
 * @remedy check the signing key and the clock of the receiver; `reason` says which check failed
 */
export class InvalidSignatureError extends ActionsError {
  readonly code = 'INVALID_SIGNATURE';
  readonly status = 401;
  readonly grpcCode = grpc.unauthenticated;
  /** Which check failed. */
  readonly reason: InvalidSignatureReason;

  constructor(reason: InvalidSignatureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/**
 * The connection was lost before the store answered an append.
 *
 * @written either all events or none; which of the two is unknown
 * @remedy repeat the append with the same ids and the same exact version, or read the stream
 */
export class OutcomeUnknownError extends OperationError {
  readonly code = 'OUTCOME_UNKNOWN';
  readonly status = 500;
  readonly grpcCode = grpc.unknown;
  /** The stream's name. */
  readonly stream: string;
  /** The ids of the events of the append, in order. */
  readonly eventIDs: readonly string[];
  /** The expectation of the append. */
  readonly expectedVersion: ExpectedVersion;

  constructor(
    stream: string,
    eventIDs: readonly string[],
    expectedVersion: ExpectedVersion,
    options?: ErrorOptions & { readonly detail?: string },
  ) {
    super(
      publicSentences.OUTCOME_UNKNOWN,
      `it is not known whether the append to ${shownText(stream)} (expected ${String(expectedVersion)}) was written` +
        `${options?.detail === undefined ? '' : ` (${options.detail})`}; ` +
        'repeat it with the same event ids and the same exact version, or read the stream',
      options,
    );
    this.stream = stream;
    this.eventIDs = eventIDs;
    this.expectedVersion = expectedVersion;
  }
}

/**
 * A signing key or header value does not decrypt with the given keyring.
 *
 * @written nothing
 * @remedy add the key that sealed it to the keyring
 */
export class SecretUnreadableError extends ActionsError {
  readonly code = 'SECRET_UNREADABLE';
  readonly status = 500;
  readonly grpcCode = grpc.internal;
}

/**
 * A call to a target brought no complete answer. The operation decides the consequence; users see this error as a
 * cause.
 *
 * @written nothing
 * @remedy see `reason`
 */
export class CallFailedError extends ActionsError {
  readonly code = 'CALL_FAILED';
  readonly status = 502;
  readonly grpcCode = grpc.unavailable;
  /** Why the call failed. */
  readonly reason: InterruptReason;
  /** The rule of the network policy that refused the address. */
  readonly rule: string | undefined;
  /** Whether the target was not dialled, so that the failure says nothing about it. */
  readonly untried: boolean;

  constructor(
    reason: InterruptReason,
    message: string,
    options?: ErrorOptions & { readonly rule?: string; readonly untried?: boolean },
  ) {
    super(message, options);
    this.reason = reason;
    this.rule = options?.rule;
    this.untried = options?.untried ?? false;
  }
}

/** Every class of error, told apart by `code`. */
type KnownError =
  | InvalidArgumentError
  | TargetNotFoundError
  | ExecutionNotFoundError
  | ConditionNotFoundError
  | PublicKeyNotFoundError
  | AlreadyExistsError
  | ConcurrencyConflictError
  | StreamDeletedError
  | AppendTooLargeError
  | CircularIncludeError
  | MaxIncludeDepthError
  | TargetInterruptedError
  | DeadlineExceededError
  | ReentrancyLimitError
  | ActionsClosedError
  | MissingDependencyError
  | IndexNotReadyError
  | EventStoreAccessDeniedError
  | EventStoreUnavailableError
  | EventStoreContractError
  | InvalidSignatureError
  | OutcomeUnknownError
  | SecretUnreadableError
  | CallFailedError;

/**
 * Whether `error` is an error of this library, and of the given code if one is given. Compares codes, not classes, so
 * it is also true for an error of another copy of the package.
 */
export function isActionsError(error: unknown): error is ActionsError;
export function isActionsError<Code extends ActionsErrorCode>(
  error: unknown,
  code: Code,
): error is Extract<KnownError, { readonly code: Code }>;
export function isActionsError(error: unknown, code?: ActionsErrorCode): boolean {
  try {
    if (!(error instanceof Error) || !('code' in error) || !('grpcCode' in error) || !('status' in error))
      return false;
    return code === undefined || error.code === code;
  } catch {
    // The thrown value may be a revoked Proxy.
    return false;
  }
}
