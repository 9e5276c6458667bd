import assert from 'node:assert/strict';
import type { EventStore, RecordedEvent } from '../index.js';
import { readOptions } from '../lib/reading/readOptions.js';
import { runnerOf, runnerOnly } from './contract/globalRunner.js';
import type { ContractRunner } from './contract/harness.js';

/** A source for one test, and a way to append events to it. */
export interface DeliverySourceUnderTest {
  /** The source to test. */
  readonly source: Pick<EventStore, 'subscribe' | 'readStream' | 'head'>;
  /** Appends to the store that the source reads. @throws as `append` of an {@link EventStore} does */
  readonly append: EventStore['append'];
  /**
   * Called after the test: closes what the test opened. Absent where there is nothing to close. It never rejects
   * for a source that is already closed.
   */
  readonly cleanUp?: () => Promise<void> | void;
}

const writers = 8;
const eventsEach = 25;

/**
 * Defines the tests that every source of durable delivery passes: the source never delivers an event before another
 * that will appear ahead of it, and a read of a stream is never behind the subscription.
 *
 * @param open - opens the source for one test; it may hold events of others
 */
export function deliverySourceContract(
  name: string,
  open: () => DeliverySourceUnderTest | Promise<DeliverySourceUnderTest>,
  options: { readonly runner?: ContractRunner } = {},
): void {
  const suite = 'deliverySourceContract';
  const { describe, it } = runnerOf({ suite, name, open, ...readOptions(options, runnerOnly, suite) });
  const rule = (title: string, test: (opened: DeliverySourceUnderTest) => Promise<void>): void => {
    it(title, async () => {
      const opened = await open();
      try {
        await test(opened);
      } finally {
        await opened.cleanUp?.();
      }
    });
  };
  const prefix = `source${Math.random().toString(36).slice(2)}`;

  async function follow(
    { source, append }: DeliverySourceUnderTest,
    told: (event: RecordedEvent) => Promise<void>,
  ) {
    const left = new AbortController();
    const total = writers * eventsEach;
    const writing = Array.from({ length: writers }, async (_, writer) => {
      for (let each = 0; each < eventsEach; each++)
        await append(`${prefix}-${writer}`, [{ type: 'source.tested', data: { each } }]);
    });
    let count = 0;
    for await (const message of source.subscribe({ signal: left.signal })) {
      if (!('stream' in message) || !message.stream.startsWith(prefix)) continue;
      await told(message);
      if (++count === total) break;
    }
    left.abort();
    await Promise.all(writing);
  }

  describe(`${name} as a source of deliveries`, () => {
    rule('delivers events in the order of their positions, while several writers append', async (opened) => {
      let last = -1n;
      const perStream = new Map<string, number>();
      await follow(opened, async ({ stream, position, data }) => {
        assert.equal(position > last, true);
        last = position;
        const { each } = data as { each: number };
        assert.equal(each, (perStream.get(stream) ?? -1) + 1);
        perStream.set(stream, each);
      });
    });

    rule('reads each delivered event in its stream', async (opened) => {
      await follow(opened, async ({ stream, version, id }) => {
        let read: RecordedEvent | undefined;
        for await (const event of opened.source.readStream(stream, { from: version, limit: 1 })) read = event;
        assert.equal(read?.id, id);
      });
    });
  });
}
