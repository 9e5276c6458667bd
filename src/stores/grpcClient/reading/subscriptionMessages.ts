import type { SubscriptionMessage } from '../../../ports.js';
import { readFailure } from '../client/clientErrors.js';
import { hangAfter, noAnswerFor } from '../client/noAnswer.js';
import type { Inbox } from './inbox.js';
import { isTombstone, toRecordedEvent } from './recordedEvent.js';
import type { Position, ResolvedEvent } from '../client/streamsClient.js';

/** The messages of the client about a subscription, in the order in which the server sent them. */
export type Arrival = ResolvedEvent | { readonly checkpoint: Position } | 'confirmed' | 'caughtUp';

/** Above it the server means "nowhere yet": a new cluster sends 2^64 - 1 as its first checkpoint. */
const highestPosition = 2n ** 63n - 1n;

export interface SubscriptionScope {
  /** The server, as errors name it. */
  readonly product: string;
  /** Where the subscription starts. */
  readonly after: bigint;
  /** The last position of the store before it started: a subscription that has reached it is caught up. */
  readonly head: bigint;
  /** Whether events of this stream are wanted; of the others only the positions are told. */
  isWanted(stream: string): boolean;
}

/** Turns arrivals into what the port promises: positions that only grow, and `caughtUp` also from servers that do not say it. */
export async function* subscriptionMessages(
  inbox: Inbox<Arrival>,
  { product, after, head, isWanted }: SubscriptionScope,
  signal: AbortSignal,
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  const confirmationMs = hangAfter(0);
  const overdue = () => readFailure(product, noAnswerFor(confirmationMs), 'subscribe to $all');
  let isConfirmed = false;
  let isCaughtUp = false;
  let isRepeated = false;
  let seen = after;
  for (;;) {
    // Once confirmed, silence means that nothing happens; keep-alive looks after the connection.
    const arrivals = await inbox.take(isConfirmed ? undefined : confirmationMs, overdue);
    if (arrivals.length === 0) return;
    for (const arrival of arrivals) {
      if (signal.aborted) return;
      isConfirmed = true;
      if (arrival === 'caughtUp') {
        // The server's first one only repeats what reaching the head has said.
        if (!isCaughtUp || isRepeated) yield { caughtUp: true, position: seen };
        isCaughtUp = isRepeated = true;
        continue;
      }
      if (arrival !== 'confirmed') {
        const message = toMessage(arrival, seen, isWanted);
        if (message !== undefined) {
          seen = 'checkpoint' in message ? message.checkpoint : message.position;
          yield message;
        }
      }
      if (!isCaughtUp && seen >= head) {
        isCaughtUp = true;
        yield { caughtUp: true, position: seen };
      }
    }
  }
}

function toMessage(arrival: Exclude<Arrival, string>, seen: bigint, isWanted: (stream: string) => boolean) {
  if ('checkpoint' in arrival) return checkpointAt(arrival.checkpoint.commit, seen);
  const { event, commitPosition = 0n } = arrival;
  if (event === undefined) return checkpointAt(commitPosition, seen);
  const isTold = isWanted(event.streamId) && !isTombstone(event);
  return isTold ? toRecordedEvent(event) : checkpointAt(event.position?.commit ?? commitPosition, seen);
}

function checkpointAt(position: bigint, seen: bigint): { readonly checkpoint: bigint } | undefined {
  return position > seen && position <= highestPosition ? { checkpoint: position } : undefined;
}
