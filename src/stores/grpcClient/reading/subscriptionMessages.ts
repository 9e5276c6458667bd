import type { SubscriptionMessage } from '../../../ports.js';
import { readFailure } from '../client/clientErrors.js';
import { hangAfter, noAnswerFor } from '../client/noAnswer.js';
import type { Inbox } from './inbox.js';
import { isTombstone, toRecordedEvent } from './recordedEvent.js';
import type { Position, ResolvedEvent } from '../client/streamsClient.js';

/** The messages of the client about a subscription, in the order in which the server sent them. */
export type Arrival = ResolvedEvent | { readonly checkpoint: Position } | 'confirmed' | 'caughtUp';

/** The highest position. A larger one means "no position yet": a new cluster sends 2^64 - 1 as its first checkpoint. */
const highestPosition = 2n ** 63n - 1n;

interface SubscriptionScope {
  /** The server, as errors name it. */
  readonly product: string;
  /** Where the subscription starts. */
  readonly after: bigint;
  /** The last position of the store before the subscription started: at this position it is caught up. */
  readonly head: bigint;
  /** Whether to yield events of this stream; of other events only the position is yielded. */
  isWanted(stream: string): boolean;
}

/**
 * Turns the client's messages into those of the port: positions only grow, and `caughtUp` comes also with servers that do
 * not send it.
 */
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
    // After the confirmation, silence means that there are no events; keep-alive watches the connection.
    const arrivals = await inbox.take(isConfirmed ? undefined : confirmationMs, overdue);
    if (arrivals.length === 0) return;
    for (const arrival of arrivals) {
      if (signal.aborted) return;
      isConfirmed = true;
      if (arrival === 'caughtUp') {
        // Skip the server's first `caughtUp` after the one for reaching the head.
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
