import {
  BACKWARDS,
  END,
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type Position,
} from '@eventstore/db-client';
import { InvalidArgumentError } from '../../errors.js';
import type { SubscribeOptions, SubscriptionMessage } from '../../ports.js';
import { requireText, requireU64 } from '../proposedAppend.js';
import { readFailure } from './failures.js';
import { hangAfter } from './guardedAppend.js';
import { Inbox } from './inbox.js';
import { isTombstone, toRecordedEvent } from './recordedEvent.js';
import type { StoreConnection } from './storeConnection.js';
import { inOrder } from './subscriptionOrder.js';

type Delivery = AllStreamResolvedEvent | { readonly checkpoint: bigint };
type Arrival = Delivery | 'confirmed' | 'caughtUp';

/**
 * A catch-up subscription to `$all`, filtered by the server. Every iteration is a subscription of its own.
 *
 * @param closing - ends the subscription as a drop, because nobody asked for its end
 */
export async function* subscribe(
  connection: StoreConnection,
  { after = 0n, prefixes, signal }: SubscribeOptions,
  closing: AbortSignal,
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  if (!((signal as unknown) instanceof AbortSignal))
    throw new InvalidArgumentError('subscribe needs a signal: it is what ends the subscription');
  const start = requireU64(after, 'after');
  requirePrefixes(prefixes);
  const isEnded = () => signal.aborted;
  if (isEnded()) return;
  const ending = AbortSignal.any([signal, closing]);
  // Servers before 23.10 do not say that the history is over.
  const head = await headOf(connection, ending);
  if (head !== undefined) yield* follow(connection, start, prefixes, head, ending);
  // Closing the store is no end that the reader asked for.
  if (!isEnded()) connection.client();
}

/** Position of the last event of the whole store; `undefined` where `signal` ended the read. */
export async function headOf(
  { client, clock, read }: StoreConnection,
  signal: AbortSignal | undefined,
): Promise<bigint | undefined> {
  const events = client().readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1, ...read });
  const inbox = new Inbox<bigint>(clock, events);
  const abort = () => {
    inbox.cancel();
  };
  signal?.addEventListener('abort', abort, { once: true });
  events.on('data', ({ event }) => {
    if (event) inbox.push(event.position.commit);
  });
  events.on('error', (error: Error) => {
    inbox.close(readFailure(error, 'read $all'));
  });
  events.on('end', () => {
    inbox.close();
  });
  const silenceMs = hangAfter(0);
  try {
    const [head = 0n] = await inbox.take(silenceMs, () => readFailure(noAnswer(silenceMs), 'read $all'));
    return signal?.aborted ? undefined : head;
  } finally {
    signal?.removeEventListener('abort', abort);
    events.cancel().catch(() => undefined);
  }
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
      tell({ checkpoint: position.commit });
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
    yield* messages(inbox, after, head, signal);
  } finally {
    signal.removeEventListener('abort', abort);
    // Leaving the iteration alone would leave the call open on the server.
    subscription.unsubscribe().catch(() => undefined);
  }
}

async function* messages(
  inbox: Inbox<Arrival>,
  after: bigint,
  head: bigint,
  signal: AbortSignal,
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  const confirmationMs = hangAfter(0);
  const overdue = () => readFailure(noAnswer(confirmationMs), 'subscribe to $all');
  let isConfirmed = false;
  let isCaughtUp = false;
  let isAnnounced = false;
  let seen = after;
  for (;;) {
    // Once confirmed, silence means that nothing happens; keep-alive looks after the connection.
    const arrivals = await inbox.take(isConfirmed ? undefined : confirmationMs, overdue);
    if (arrivals.length === 0) return;
    for (const arrival of arrivals) {
      if (signal.aborted) return;
      isConfirmed = true;
      if (arrival === 'caughtUp') {
        // The first one only repeats what reaching the head has said.
        if (!isCaughtUp || isAnnounced) yield { caughtUp: true, position: seen };
        isCaughtUp = isAnnounced = true;
        continue;
      }
      if (arrival !== 'confirmed') {
        seen = positionOf(arrival);
        yield toMessage(arrival, seen);
      }
      if (!isCaughtUp && seen >= head) {
        isCaughtUp = true;
        yield { caughtUp: true, position: seen };
      }
    }
  }
}

function positionOf(arrival: Delivery): bigint {
  if ('checkpoint' in arrival) return arrival.checkpoint;
  return arrival.commitPosition ?? arrival.event?.position.commit ?? 0n;
}

function toMessage(arrival: Delivery, position: bigint): SubscriptionMessage {
  if ('checkpoint' in arrival) return arrival;
  if (arrival.event === undefined || isTombstone(arrival.event)) return { checkpoint: position };
  return toRecordedEvent(arrival.event);
}

function noAnswer(milliseconds: number): Error {
  return new Error(`there was no answer for ${milliseconds / 1000} s`);
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
