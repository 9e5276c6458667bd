import type { EventStoreDBClient, Position } from '@eventstore/db-client';
import { expect } from 'chai';
import type { Readable } from 'node:stream';
import type { SubscriptionMessage } from '../../../src/ports.js';
import type { EventStoreDouble } from '../../eventstoredb/double/eventStoreDouble.js';
import { failureOf, openFixture, settles } from './fixture.js';
import { manualClock } from '../../support/manualClock.js';
import { isEvent, take, write, shown } from './subscriptions.js';
import { jsonEvent, streamNameFilter } from './clientUnderTest.js';
import { until } from '../../support/conditions.js';

const prefixes = ['order-'];

/** Events of two streams in turn, of which only one is subscribed to. */
async function writeMixed(client: EventStoreDBClient, count: number): Promise<void> {
  for (let written = 0; written < count; written += 100) {
    const ours = Array.from({ length: 100 }, () => jsonEvent({ type: 'order.placed', data: {} }));
    await client.appendToStream('order-1', ours);
    await client.appendToStream(
      'invoice-1',
      ours.slice(0, 7).map(({ data }) => jsonEvent({ type: 'sent', data })),
    );
  }
}

/** Resolves when the stream is paused and its buffer is full. */
async function heldBack(stream: Readable): Promise<void> {
  await until(() => stream.isPaused() && stream.readableLength >= stream.readableHighWaterMark - 1);
  expect(stream.readableLength).to.be.lessThan(20);
}

async function untilClosed(double: EventStoreDouble): Promise<void> {
  await until(() => double.openCalls('subscription') === 0);
}

/** Resolves when the client has opened `count` calls: a read of the end of `$all`, then the subscription. */
function opened(client: object, count: number): Promise<void> {
  const internals = client as { GRPCStreamCreator: (...given: unknown[]) => unknown };
  const original = internals.GRPCStreamCreator;
  let calls = 0;
  return new Promise((resolve) => {
    internals.GRPCStreamCreator = (...given) => {
      if (++calls === count) setImmediate(resolve);
      return original(...given);
    };
  });
}

describe('subscribe to EventStoreDB', () => {
  it('holds the server back while no reader reads, and still never tells a position before the events up to the position', async () => {
    await using open = await openFixture({ maxSearchWindow: 3 });
    await writeMixed(open.client, 5_000);
    const subscription = new Promise<Readable>((resolve) => {
      const subscribeToAll = open.client.subscribeToAll.bind(open.client) as unknown as (
        ...args: unknown[]
      ) => Readable;
      open.client.subscribeToAll = ((...args: unknown[]) => {
        const opened = subscribeToAll(...args);
        resolve(opened);
        return opened;
      }) as never;
    });
    let events = 0;
    let checkpoints = 0;
    let told = -1n;
    for await (const message of open.store.subscribe({ prefixes, signal: new AbortController().signal })) {
      if ('caughtUp' in message) break;
      if (isEvent(message)) {
        expect(message.position > told, `event at ${message.position} after ${told}`).to.equal(true);
        if ((events += 1) % 1_000 === 1) await heldBack(await subscription);
      } else {
        told = message.checkpoint;
        checkpoints += 1;
      }
    }
    expect(events).to.equal(5_000);
    expect(checkpoints).to.be.greaterThan(20);
  });

  it('shows that the bare client reports positions ahead of the events', async () => {
    await using open = await openFixture();
    await writeMixed(open.client, 500);
    expect(await aheadOfEvents(open.client, 500)).to.be.greaterThan(0);
  });

  it('tells caughtUp once, after the history', async () => {
    await using open = await openFixture();
    await write(open.store, ['order-1', 'invoice-1', 'order-2']);
    const { signal } = new AbortController();
    const messages = open.store.subscribe({ prefixes, signal })[Symbol.asyncIterator]();
    const heard: string[] = [];
    while (heard.filter((each) => each !== 'checkpoint').length < 4) {
      const { value } = (await messages.next()) as IteratorYieldResult<SubscriptionMessage>;
      heard.push(shown(value));
      if (heard.at(-1) === 'caughtUp') await write(open.store, ['order-3']);
    }
    await messages.return?.();
    expect(heard.filter((each) => each !== 'checkpoint')).to.deep.equal([
      'order-1',
      'order-2',
      'caughtUp',
      'order-3',
    ]);
  });

  for (const how of ['unavailable', 'cancelled', 'end', 'reset'] as const)
    it(`tells a drop (${how}), and goes on from the last position without loss`, async () => {
      await using open = await openFixture();
      const { double, store } = open;
      await write(store, ['order-1', 'order-2']);
      const { signal } = new AbortController();
      const streams: string[] = [];
      let last = 0n;
      const read = async (until: number) => {
        for await (const message of store.subscribe({ prefixes, signal, after: last })) {
          last = isEvent(message) ? message.position : 'checkpoint' in message ? message.checkpoint : last;
          if (isEvent(message)) streams.push(message.stream);
          if ('caughtUp' in message && streams.length < until) double.dropSubscriptions(how);
          if (streams.length >= until) return;
        }
      };
      expect(await failureOf(read(4))).to.include({ code: 'EVENT_STORE_UNAVAILABLE' });
      await write(store, ['order-3', 'order-4']);
      await read(4);
      expect(streams).to.deep.equal(['order-1', 'order-2', 'order-3', 'order-4']);
      await untilClosed(double);
    });

  it('tells a drop by a restart of the server', async () => {
    await using open = await openFixture();
    const { signal } = new AbortController();
    const read = async () => {
      for await (const message of open.store.subscribe({ prefixes, signal }))
        if ('caughtUp' in message) await open.double.restart();
    };
    expect(await failureOf(read())).to.include({ code: 'EVENT_STORE_UNAVAILABLE' });
  });

  it('shows that the bare client ends silently when the server ends', async () => {
    await using open = await openFixture();
    const subscription = open.client.subscribeToAll();
    subscription.on('caughtUp', () => {
      open.double.dropSubscriptions('end');
    });
    // No error: the loop just ends.
    for await (const event of subscription) expect(event).to.have.property('event');
  });

  it('leaves no call open on the server when the subscription is left, aborted or closed', async () => {
    await using open = await openFixture();
    const { double, store } = open;
    await write(store, ['order-1']);
    await take(store.subscribe({ prefixes, signal: new AbortController().signal }), 1);
    await untilClosed(double);

    const controller = new AbortController();
    for await (const message of store.subscribe({ prefixes, signal: controller.signal }))
      if ('caughtUp' in message)
        setImmediate(() => {
          controller.abort();
        });
    await untilClosed(double);

    const read = async () => {
      for await (const message of store.subscribe({ prefixes, signal: new AbortController().signal }))
        if ('caughtUp' in message) setImmediate(() => void store.close());
    };
    expect(await failureOf(read())).to.include({ code: 'EVENT_STORE_UNAVAILABLE' });
    await untilClosed(double);
  });

  it('passes a tombstone by', async () => {
    await using open = await openFixture();
    await write(open.store, ['order-1', 'order-2']);
    await open.client.tombstoneStream('order-1');
    await write(open.store, ['order-3']);
    const events: string[] = [];
    for await (const message of open.store.subscribe({ prefixes, signal: new AbortController().signal })) {
      if ('caughtUp' in message) break;
      if (isEvent(message)) events.push(`${message.stream} ${message.type}`);
    }
    expect(events.map((event) => event.split(' ')[1])).to.not.include('$streamDeleted');
    expect(events.at(-1)).to.equal('order-3 order.placed');
  });

  for (const kind of ['read', 'subscription'] as const)
    it(`gives up on a server that does not answer (${kind})`, async () => {
      const clock = manualClock();
      await using open = await openFixture({ clock });
      open.double.faults.silent.add(kind);
      const called = opened(open.client, kind === 'read' ? 1 : 2);
      const waiting = failureOf(
        take(open.store.subscribe({ prefixes, signal: new AbortController().signal }), 1),
      );
      await called;
      clock.advance(21_999);
      expect(await settles(waiting, 50)).to.equal(false);
      clock.advance(1);
      expect(await waiting).to.include({ code: 'EVENT_STORE_UNAVAILABLE' });
    });

  it('names the users who may read $all', async () => {
    await using open = await openFixture();
    open.double.faults.denied.all = true;
    const { signal } = new AbortController();
    expect(await failureOf(take(open.store.subscribe({ prefixes, signal }), 1))).to.include({
      code: 'EVENT_STORE_ACCESS_DENIED',
    });
  });
});

/** How many checkpoints a plain loop over the client's subscription is told before an event that they cover. */
async function aheadOfEvents(client: EventStoreDBClient, count: number): Promise<number> {
  let ahead = 0;
  let told: Position | undefined;
  const subscription = client.subscribeToAll({
    filter: streamNameFilter({
      prefixes,
      maxSearchWindow: 3,
      checkpointReached: (_, position) => {
        told = position;
      },
    }),
  });
  let events = 0;
  for await (const { event } of subscription) {
    if (told !== undefined && event !== undefined && event.position.commit <= told.commit) ahead += 1;
    // As a consumer that works on the event.
    await new Promise(setImmediate);
    if ((events += 1) === count) break;
  }
  await subscription.unsubscribe();
  return ahead;
}
