import { isActionsError } from '../../../errors.js';
import { throwsOnAppendFailure } from '../client/clientInternals.js';
import type { ClientKind } from '../client/clientKind.js';
import { errorOfClient } from '../client/errorOfClient.js';
import type { AppendResult, StreamsClient, StreamState } from '../client/streamsClient.js';

/**
 * The client's answer to an append that was found stale before any target was called: its error, or its result where the
 * client was built with `throwOnAppendFailure: false`.
 */
export async function staleAnswer(
  { kind, client }: { readonly kind: ClientKind; readonly client: StreamsClient },
  stale: unknown,
  expected: StreamState,
): Promise<AppendResult> {
  if (isActionsError(stale, 'STREAM_DELETED'))
    throw await errorOfClient(kind, client, { kind: 'stream-deleted', stream: stale.stream }, stale);
  if (!isActionsError(stale, 'CONCURRENCY_CONFLICT')) throw stale;
  const { stream, actualVersion } = stale;
  const current = typeof actualVersion === 'bigint' ? actualVersion : 'no_stream';
  if (throwsOnAppendFailure(client))
    throw await errorOfClient(
      kind,
      client,
      { kind: 'wrong-expected-version', stream, current, expected },
      stale,
    );
  return { success: false, nextExpectedRevision: current === 'no_stream' ? -1n : current };
}
