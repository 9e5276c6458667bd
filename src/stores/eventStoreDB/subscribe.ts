import { START, streamNameFilter, type Position } from '@eventstore/db-client';
import { InvalidArgumentError } from '../../errors.js';
import type { SubscribeOptions, SubscriptionMessage } from '../../ports.js';
import { requireText, requireU64 } from '../proposedAppend.js';
import { readFailure } from './failures.js';
import { headOf } from './head.js';
import { Inbox } from './inbox.js';
import type { StoreConnection } from './storeConnection.js';
import { subscriptionMessages, type Arrival } from './subscriptionMessages.js';
import { inOrder } from './subscriptionOrder.js';

/**
 * A catch-up subscription to `$all`, filtered by the server.
 *
 * @param left - aborted when the reader leaves
 * @param closing - ends the subscription as a drop, because nobody asked for its end
 */
export async function* subscribe(
  connection: StoreConnection,
  { after = 0n, prefixes, signal }: SubscribeOptions,
  left: AbortSignal,
  closing: AbortSignal,
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  if (!((signal as unknown) instanceof AbortSignal))
    throw new InvalidArgumentError('subscribe needs a signal: it is what ends the subscription');
  const start = requireU64(after, 'after');
  requirePrefixes(prefixes);
  const isEnded = () => signal.aborted || left.aborted;
  if (isEnded()) return;
  const ending = AbortSignal.any([signal, left, closing]);
  // Servers before 23.10 do not say that the history is over.
  const head = await headOf(connection, ending);
  if (head !== undefined) yield* follow(connection, start, prefixes, head, ending);
  // Closing the store is no end that the reader asked for.
  if (!isEnded()) connection.client();
}

async function* follow(
  connection: StoreConnection,
  after: bigint,
  prefixes: readonly string[] | undefined,
  head: bigint,
  signal: AbortSignal,
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  const byName = {
    maxSearchWindow: connection.maxSearchWindow,
    checkpointReached: (_: unknown, position: Position) => {
      tell({ checkpoint: position });
    },
  };
  const subscription = connection.client().subscribeToAll({
    fromPosition: after === 0n ? START : { commit: after, prepare: after },
    filter:
      prefixes === undefined || prefixes.includes('')
        ? streamNameFilter({ ...byName, regex: '^[^$]' })
        : streamNameFilter({ ...byName, prefixes: [...prefixes] }),
    ...connection.read,
  });
  const inbox = new Inbox<Arrival>(connection.clock, subscription);
  const tell = inOrder<Arrival>(subscription, (arrival) => {
    inbox.push(arrival);
  });
  const abort = () => {
    inbox.cancel();
  };
  signal.addEventListener('abort', abort, { once: true });
  subscription.on('confirmation', () => {
    tell('confirmed');
  });
  subscription.on('caughtUp', () => {
    tell('caughtUp');
  });
  subscription.on('error', (error: Error) => {
    inbox.close(readFailure(error, 'go on with the subscription to $all'));
  });
  subscription.on('end', () => {
    inbox.close(readFailure(new Error('the server ended it'), 'go on with the subscription to $all'));
  });
  try {
    yield* subscriptionMessages(inbox, after, head, signal);
  } finally {
    signal.removeEventListener('abort', abort);
    // Leaving the iteration alone would leave the call open on the server.
    subscription.unsubscribe().catch(() => undefined);
  }
}

function requirePrefixes(prefixes: readonly string[] | undefined): void {
  if (prefixes === undefined) return;
  if (!Array.isArray(prefixes) || prefixes.length === 0)
    throw new InvalidArgumentError(
      'prefixes are an array of at least one beginning of a stream name; leave them out for every stream',
    );
  for (const [index, prefix] of prefixes.entries())
    if (prefix !== '') requireText(prefix, `prefixes[${index}]`);
}
