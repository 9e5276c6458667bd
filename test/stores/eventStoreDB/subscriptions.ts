import type { RecordedEvent, SubscriptionMessage } from '../../../src/ports.js';
import type { EventStoreDBEventStore } from '../../../src/stores/eventStoreDB/index.js';
import { placed } from './fixture.js';

export async function write(store: EventStoreDBEventStore, streams: readonly string[]): Promise<void> {
  for (const stream of streams) await store.append(stream, [placed()]);
}

export function isEvent(message: SubscriptionMessage): message is RecordedEvent {
  return 'stream' in message;
}

export const shown = (message: SubscriptionMessage) =>
  isEvent(message) ? message.stream : 'caughtUp' in message ? 'caughtUp' : 'checkpoint';

/** Reads until `count` messages have come, then leaves. */
export async function take(
  messages: AsyncIterable<SubscriptionMessage>,
  count: number,
): Promise<SubscriptionMessage[]> {
  const taken: SubscriptionMessage[] = [];
  for await (const message of messages) if (taken.push(message) === count) break;
  return taken;
}
