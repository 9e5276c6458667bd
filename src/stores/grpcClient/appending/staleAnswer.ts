import type { AppendExpectedRevision, AppendResult, EventStoreDBClient } from '@eventstore/db-client';
import { isActionsError } from '../../../errors.js';
import { throwsOnAppendFailure } from '../client/clientInternals.js';
import { errorOfClient } from '../client/errorOfClient.js';

/**
 * What the client itself would have answered to an append that was found stale before any target was called: its error, or
 * its result where it was built with `throwOnAppendFailure: false`.
 */
export async function staleAnswer(
  client: EventStoreDBClient,
  stale: unknown,
  expected: AppendExpectedRevision,
): Promise<AppendResult> {
  if (isActionsError(stale, 'STREAM_DELETED'))
    throw await errorOfClient(client, { kind: 'stream-deleted', stream: stale.stream }, stale);
  if (!isActionsError(stale, 'CONCURRENCY_CONFLICT')) throw stale;
  const { stream, actualVersion } = stale;
  const current = typeof actualVersion === 'bigint' ? actualVersion : 'no_stream';
  if (throwsOnAppendFailure(client))
    throw await errorOfClient(client, { kind: 'wrong-expected-version', stream, current, expected }, stale);
  return { success: false, nextExpectedRevision: current === 'no_stream' ? -1n : current };
}
