import { Writable } from 'node:stream';
import { EventStoreUnavailableError } from '../../../errors.js';
import { openStreamsOf } from './clientInternals.js';

/** Keyed by the client's set of open streams, which a wrapped client shares: a stream that only `dispose()` destroys. */
const sentinels = new WeakMap<object, Writable>();

/**
 * Watches from now on whether the application disposes of the client. The client itself does not tell: it ends its open
 * streams, as a lost connection does, and connects again at the next call, which would keep the process alive.
 */
export function watchDisposal(client: object): void {
  const streams = openStreamsOf(client);
  if (sentinels.has(streams)) return;
  const sentinel = new Writable({ autoDestroy: false, write: (_chunk, _encoding, written) => written() });
  sentinels.set(streams, sentinel);
  sentinel.once('close', () => streams.delete(sentinel));
  streams.add(sentinel);
}

/** @throws {@link EventStoreUnavailableError} `closed`, for a client that was disposed of since {@link watchDisposal} */
export function assertNotDisposed(client: object): void {
  if (sentinels.get(openStreamsOf(client))?.destroyed !== true) return;
  throw new EventStoreUnavailableError(
    'the client was disposed, so the subscription to $all is over: close the actions before the client, ' +
      'or pass a function that gives the new client',
    { closed: true },
  );
}
