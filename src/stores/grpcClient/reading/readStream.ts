import { onAbort } from '../../../lib/onAbort.js';
import type { ReadOptions, RecordedEvent } from '../../../ports.js';
import { takeReadOptions, type TakenRead } from '../../../events/portOptions.js';
import { requireStreamName } from '../../../events/proposedAppend.js';
import { isClientError, readFailure } from '../client/clientErrors.js';
import { valueSize } from '../../../lib/json/valueSize.js';
import { hangAfter, noAnswerFor } from '../client/noAnswer.js';
import { Inbox } from './inbox.js';
import { toRecordedEvent } from './recordedEvent.js';
import type { StoreConnection } from '../client/storeConnection.js';
import type { StreamRead } from '../client/streamsClient.js';
import { shownText } from '../../../lib/shown/shownText.js';

/** The highest revision: the server gives larger numbers special meanings. */
export const highestRevision = 2n ** 63n - 2n;

/**
 * Yields the events of one stream. Leaving the iteration early ends the call to the server.
 *
 * @param left - aborted when the reader leaves
 */
export async function* readStream(
  connection: Pick<StoreConnection, 'kind' | 'client' | 'clock' | 'read'>,
  stream: string,
  options: ReadOptions,
  left?: AbortSignal,
): AsyncGenerator<RecordedEvent, void, undefined> {
  const taken = takeReadOptions(options);
  const { signal } = taken;
  requireStreamName(stream);
  const request = requestOf(taken);
  signal?.throwIfAborted();
  const what = `read the stream ${shownText(stream)}`;
  const { kind, client, clock, read } = connection;
  const { events, cancel } = kind.readStream(client(), stream, { ...request, ...read });
  const inbox = new Inbox<RecordedEvent>(clock, events, ({ data }) => valueSize(data));
  const abort = () => {
    inbox.cancel();
  };
  const stopListening = [onAbort(signal, abort), onAbort(left, abort)];
  events.on('data', ({ event }) => {
    if (event) inbox.push(toRecordedEvent(event));
  });
  events.on('error', (error: Error) => {
    const isMissing = isClientError(error, 'stream-not-found');
    inbox.close(isMissing ? undefined : readFailure(kind.product, error, what, stream));
  });
  events.on('end', () => {
    inbox.close();
  });
  const silenceMs = hangAfter(0);
  const overdue = () => readFailure(kind.product, noAnswerFor(silenceMs), what);
  try {
    for (;;) {
      const batch = await inbox.take(silenceMs, overdue);
      signal?.throwIfAborted();
      if (batch.length === 0) return;
      for (const event of batch) {
        yield event;
        signal?.throwIfAborted();
      }
    }
  } finally {
    for (const stop of stopListening) stop();
    cancel();
  }
}

function requestOf({ isBackwards, from, limit }: TakenRead): StreamRead {
  return {
    direction: isBackwards ? 'backwards' : 'forwards',
    fromRevision: from === undefined ? (isBackwards ? 'end' : 'start') : revisionOf(from),
    ...(limit !== undefined && { maxCount: limit }),
  };
}

function revisionOf(revision: bigint): bigint {
  return revision > highestRevision ? highestRevision : revision;
}
