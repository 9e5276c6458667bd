import {
  AppendTooLargeError,
  ConcurrencyConflictError,
  EventStoreAccessDeniedError,
  EventStoreUnavailableError,
  StreamDeletedError,
} from '../../../errors.js';
import type { ExpectedVersion } from '../../../ports.js';
import { thrownText } from '../../../lib/reading/shownValue.js';
import { shownText } from '../../../lib/shown/shownText.js';

/** An error of the client, recognised by shape: another copy of the client's package has another class. */
interface ClientError {
  readonly type: string;
  readonly code?: number;
  /** The version of the stream, for `EventStoreDBClient`. */
  readonly actualVersion?: bigint | 'no_stream';
  /** The same for `KurrentDBClient`. */
  readonly actualState?: bigint | 'no_stream';
  readonly maxAppendSize?: number;
  readonly _raw?: unknown;
}

export function isClientError(error: unknown, type?: string): error is Error & ClientError {
  if (!(error instanceof Error) || !('type' in error) || typeof error.type !== 'string') return false;
  return type === undefined || error.type === type;
}

interface SentAppend {
  readonly product: string;
  readonly stream: string;
  readonly expectedVersion: ExpectedVersion;
  readonly usesBatch: boolean;
  /** Whether this raw error closed the batch stream of this client before the server replied on it. */
  readonly refusedAtOnce: (raw: unknown) => boolean;
}

/**
 * The error for a failure after which certainly nothing was written; `undefined` for all other failures. On the batch
 * stream an error with a gRPC code is not certain: the package rejects all pending appends of the process with the error of
 * any stream.
 */
export function certainFailure(error: unknown, sent: SentAppend): Error | undefined {
  if (!isClientError(error)) return undefined;
  const { product, stream, expectedVersion } = sent;
  const isAnswer = !sent.usesBatch || error.code === undefined;
  switch (error.type) {
    case 'wrong-expected-version':
      return new ConcurrencyConflictError(
        stream,
        expectedVersion,
        actualVersion(error.actualVersion ?? error.actualState),
        { cause: error },
      );
    case 'stream-deleted':
      return isAnswer ? new StreamDeletedError(stream, { cause: error }) : undefined;
    case 'maximum-append-size-exceeded':
      return isAnswer ? new AppendTooLargeError(stream, error.maxAppendSize, { cause: error }) : undefined;
    case 'access-denied':
      return isAnswer || sent.refusedAtOnce(error._raw)
        ? accessDenied(product, `append to ${shownText(stream)} (nothing was written)`, error)
        : undefined;
    default:
      return undefined;
  }
}

/** The error that the caller of a failed read or subscription receives. */
export function readFailure(product: string, error: unknown, what: string, stream?: string): Error {
  if (stream !== undefined && isClientError(error, 'stream-deleted'))
    return new StreamDeletedError(stream, { cause: error });
  if (isClientError(error, 'access-denied')) return accessDenied(product, what, error);
  const reason = thrownText(error);
  return new EventStoreUnavailableError(`${product} could not ${what}: ${reason || 'it gave no reason'}`, {
    cause: error,
  });
}

function accessDenied(product: string, what: string, cause: Error): EventStoreAccessDeniedError {
  return new EventStoreAccessDeniedError(
    `${product} does not let this user ${what}; check the user of the connection string and its rights`,
    { cause },
  );
}

function actualVersion(actual: bigint | 'no_stream' | undefined): bigint | 'no-stream' | undefined {
  return actual === 'no_stream' ? 'no-stream' : actual;
}
