import { onAbort } from '../../../lib/onAbort.js';
import { pause } from '../../../lib/clock.js';
import { valueSize } from '../../../lib/json/valueSize.js';
import type { SubscribeOptions, SubscriptionMessage } from '../../../ports.js';
import { takeSubscribeOptions } from '../../../events/portOptions.js';
import { saysCaughtUp } from '../client/clientInternals.js';
import { assertNotDisposed, watchDisposal } from '../client/disposal.js';
import { readFailure } from '../client/clientErrors.js';
import { hangAfter } from '../client/noAnswer.js';
import { headOf, type Head } from './head.js';
import { Inbox } from './inbox.js';
import type { StoreConnection } from '../client/storeConnection.js';
import { subscriptionFilter } from './subscriptionFilter.js';
import { subscriptionMessages, type Arrival } from './subscriptionMessages.js';
import { inOrder } from './subscriptionOrder.js';

/**
 * A catch-up subscription to `$all`, filtered by the server.
 *
 * @param left - aborted when the reader leaves
 * @param closing - ends the subscription with an error, because its reader did not ask for the end
 */
export async function* subscribe(
  connection: StoreConnection,
  options: SubscribeOptions,
  left: AbortSignal,
  closing: AbortSignal,
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  const { after, prefixes, signal } = takeSubscribeOptions(options);
  const isEnded = () => signal.aborted || left.aborted;
  if (isEnded()) return;
  const ending = AbortSignal.any([signal, left, closing]);
  assertUsable(connection);
  try {
    const head = await headOf(connection, ending);
    if (head !== undefined) yield* follow(connection, { after, prefixes, signal: ending }, head);
  } catch (error) {
    if (!isEnded()) assertUsable(connection);
    throw error;
  }
  // Where the store was closed, `client()` throws: the reader did not ask for the end.
  if (!isEnded()) connection.client();
}

/** @throws {@link EventStoreUnavailableError} `closed`, where subscribing again does not help */
function assertUsable(connection: StoreConnection): void {
  const client = connection.client();
  watchDisposal(client);
  assertNotDisposed(client);
}

interface Followed {
  readonly after: bigint;
  readonly prefixes: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

async function* follow(
  connection: StoreConnection,
  { after, prefixes, signal }: Followed,
  head: Head,
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  const { isWanted, filter } = subscriptionFilter(prefixes, await markOf(connection, after, head, signal));
  if (signal.aborted) return;
  const { product } = connection.kind;
  const subscription = connection.client().subscribeToAll({
    fromPosition: after === 0n ? 'start' : { commit: after, prepare: after },
    filter: filter({
      maxSearchWindow: connection.maxSearchWindow,
      checkpointReached: (_, position) => {
        tell({ checkpoint: position });
      },
    }),
    ...connection.read,
  });
  const inbox = new Inbox<Arrival>(connection.clock, subscription, sizeOf);
  const tell = inOrder<Arrival>(subscription, (arrival) => {
    inbox.push(arrival);
  });
  const stopListening = onAbort(signal, () => {
    inbox.cancel();
  });
  subscription.on('confirmation', () => {
    tell('confirmed');
  });
  subscription.on('caughtUp', () => {
    tell('caughtUp');
  });
  subscription.on('error', (error: Error) => {
    inbox.close(readFailure(product, error, 'go on with the subscription to $all'));
  });
  subscription.on('end', () => {
    inbox.close(
      readFailure(product, new Error('the server ended it'), 'go on with the subscription to $all'),
    );
  });
  try {
    yield* subscriptionMessages(inbox, { product, after, head: head.position, isWanted }, signal);
  } finally {
    stopListening();
    // Unsubscribe: the server would keep the call open.
    subscription.unsubscribe().catch(() => undefined);
  }
}

/**
 * Servers before 23.10 do not say that a subscription has caught up, and send no checkpoint at the end of the history. For
 * them the filter includes the stream of the last event, so that this event certainly arrives.
 */
async function markOf(
  { client, clock }: StoreConnection,
  after: bigint,
  head: Head,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (head.position <= after) return undefined;
  const wait = new AbortController();
  // The client queries the server's version without a deadline.
  const late = pause(clock, hangAfter(0), AbortSignal.any([signal, wait.signal])).then(() => false);
  const isSaid = await Promise.race([saysCaughtUp(client()), late]);
  wait.abort();
  return isSaid ? undefined : head.stream;
}

const sizeOf = (arrival: Arrival): number =>
  typeof arrival === 'object' && 'event' in arrival ? valueSize(arrival.event?.data) : 0;
