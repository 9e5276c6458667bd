import { onAbort } from '../../../lib/onAbort.js';
import { readFailure } from '../client/clientErrors.js';
import { hangAfter, noAnswerFor } from '../client/noAnswer.js';
import { Inbox } from './inbox.js';
import type { StoreConnection } from '../client/storeConnection.js';

export interface Head {
  readonly position: bigint;
  /** Absent in an empty store. */
  readonly stream?: string;
}

/** Reads the last event of the whole store. Returns `undefined` where `signal` ended the read. */
export async function headOf(
  { kind, client, clock, read }: StoreConnection,
  signal: AbortSignal | undefined,
): Promise<Head | undefined> {
  const { events, cancel } = kind.readAll(client(), {
    ...read,
    direction: 'backwards',
    fromPosition: 'end',
    maxCount: 1,
  });
  const inbox = new Inbox<Head>(clock, events);
  const stopListening = onAbort(signal, () => {
    inbox.cancel();
  });
  events.on('data', ({ event }) => {
    if (event?.position) inbox.push({ position: event.position.commit, stream: event.streamId });
  });
  events.on('error', (error: Error) => {
    inbox.close(readFailure(kind.product, error, 'read $all'));
  });
  events.on('end', () => {
    inbox.close();
  });
  const silenceMs = hangAfter(0);
  try {
    const [head = { position: 0n }] = await inbox.take(silenceMs, () =>
      readFailure(kind.product, noAnswerFor(silenceMs), 'read $all'),
    );
    return signal?.aborted ? undefined : head;
  } finally {
    stopListening();
    cancel();
  }
}
