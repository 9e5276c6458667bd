import type { EventStore, RecordedEvent, SubscriptionMessage } from '../../../src/ports.js';

/** A store whose streams all begin with a hidden prefix: many tests share a server and no stream. */
export function ownStreams(store: EventStore, prefix: string): EventStore {
  const shown = (event: RecordedEvent): RecordedEvent => ({
    ...event,
    stream: event.stream.slice(prefix.length),
  });
  let head = 0n;
  return {
    ...store,
    async append(stream, events, options) {
      // Pass values that are no names on: the store refuses them.
      const name = typeof stream === 'string' && stream !== '' ? `${prefix}${stream}` : stream;
      const result = await store.append(name, events, options);
      head = result.position ?? head;
      return result;
    },
    head: () => Promise.resolve(head),
    async *readStream(stream, options) {
      for await (const event of store.readStream(`${prefix}${stream}`, options)) yield shown(event);
    },
    async *subscribe(options): AsyncGenerator<SubscriptionMessage> {
      const prefixes = (options.prefixes ?? ['']).map((each) => `${prefix}${each}`);
      for await (const message of store.subscribe({ ...options, prefixes }))
        yield 'stream' in message ? shown(message) : message;
    },
  };
}
