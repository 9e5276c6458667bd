import {
  NO_STREAM,
  StreamDeletedError,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
  type AppendResult,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import { isActionsError } from '../../../errors.js';
import { throwsOnAppendFailure } from '../client/clientInternals.js';

/**
 * What the client itself would have answered to an append that was found stale before anybody was called: its error, or its
 * result where it was built with `throwOnAppendFailure: false`.
 */
export function staleAnswer(
  client: EventStoreDBClient,
  stale: unknown,
  expected: AppendExpectedRevision,
): AppendResult {
  if (isActionsError(stale, 'STREAM_DELETED')) throw StreamDeletedError.fromStreamName(stale.stream);
  if (!isActionsError(stale, 'CONCURRENCY_CONFLICT')) throw stale;
  const { stream, actualVersion } = stale;
  const current = typeof actualVersion === 'bigint' ? actualVersion : NO_STREAM;
  if (throwsOnAppendFailure(client))
    throw new WrongExpectedVersionError(undefined, { streamName: stream, current, expected });
  return { success: false, nextExpectedRevision: current === NO_STREAM ? -1n : current };
}
