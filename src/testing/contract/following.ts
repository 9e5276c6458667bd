import assert from 'node:assert/strict';
import type { SubscriptionMessage } from '../../ports.js';
import {
  collect,
  isEvent,
  numbered,
  place,
  requireEventsBeforeCheckpoints,
  type Rule,
  typed,
} from './harness.js';

/** The rules of an open subscription: while others append, when its reader is slow, and when it ends. */
export function followingRules(rule: Rule): void {
  rule('delivers each event once that is appended while it catches up', async ({ store, prefix, listen }) => {
    for (let round = 0; round < 10; round += 1) await store.append(`${prefix}${round % 4}`, numbered(100));
    const early = listen();
    const writing = Array.from({ length: 4 }, async (_, stream) => {
      for (let round = 0; round < 25; round += 1) await store.append(`${prefix}${stream}`, numbered(4));
    });
    const late = listen();
    await Promise.all(writing);
    for (const listener of [early, late]) {
      const events = await listener.untilEvents(1_400);
      assert.equal(new Set(events.map(place)).size, 1_400);
      assert.equal(events.length, 1_400);
      let last = 0n;
      for (const { position } of events) {
        assert.ok(position > last);
        last = position;
      }
    }
  });

  rule('never reports a position before the events up to it', async ({ store, prefix, listen }) => {
    const listener = listen();
    for (let round = 0; round < 20; round += 1) {
      await store.append(`${prefix}s`, typed('ours'));
      await store.append(`foreign.${prefix}s`, numbered(20));
    }
    await listener.untilEvents(20);
    requireEventsBeforeCheckpoints(listener.messages);
  });

  rule('waits for a slow consumer', async ({ store, prefix }) => {
    await store.append(`${prefix}s`, numbered(200));
    const controller = new AbortController();
    const seen: bigint[] = [];
    for await (const message of store.subscribe({ prefixes: [prefix], signal: controller.signal })) {
      if (!isEvent(message)) continue;
      seen.push(message.version);
      if (message.version === 5n) await store.append(`${prefix}s`, numbered(50));
      if (message.version % 50n === 0n) await new Promise((resolve) => setTimeout(resolve, 5));
      if (message.version === 249n) break;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 250 }, (_, index) => BigInt(index)),
    );
  });

  rule(
    'ends without an error when its signal is aborted, waiting or not',
    async ({ store, prefix, listen }) => {
      await store.append(`${prefix}s`, numbered(100));
      const controller = new AbortController();
      let seen = 0;
      for await (const message of store.subscribe({ prefixes: [prefix], signal: controller.signal })) {
        if (isEvent(message)) seen += 1;
        if (seen === 10) controller.abort();
      }
      assert.equal(seen, 10);
      const before = store.subscribe({ prefixes: [prefix], signal: AbortSignal.abort() });
      assert.deepEqual(await collect(before), []);
      const waiting = listen();
      await waiting.untilCaughtUp();
      await waiting.stop();
    },
  );

  rule('can be left at any event, and delivers nothing after that', async ({ store, prefix, listen }) => {
    await store.append(`${prefix}s`, numbered(20));
    const left: AsyncIterator<SubscriptionMessage>[] = [];
    for (let round = 0; round < 10; round += 1) {
      const { signal } = new AbortController();
      const subscription = store.subscribe({ prefixes: [prefix], signal })[Symbol.asyncIterator]();
      left.push(subscription);
      for (let seen = 0; seen <= round;)
        if (isEvent((await subscription.next()).value as SubscriptionMessage)) seen += 1;
      await subscription.return?.();
    }
    // The signal was not aborted: leaving the loop ended each of them.
    const listener = listen();
    await store.append(`${prefix}s`, numbered(1, 20));
    await listener.untilEvents(21);
    for (const subscription of left)
      assert.deepEqual(await subscription.next(), { value: undefined, done: true });
  });
}

export function severalHandlesRules(rule: Rule): void {
  rule(
    'delivers the appends of another handle, which reads its own',
    async ({ store, prefix, listen, another }) => {
      const other = await another?.();
      assert.ok(other, 'severalHandles needs another()');
      try {
        const listener = listen();
        const elsewhere = listen({ store: other });
        await listener.untilCaughtUp();
        await elsewhere.untilCaughtUp();
        for (let round = 0; round < 5; round += 1) {
          await other.append(`${prefix}s`, typed('there'));
          await store.append(`${prefix}s`, typed('here'));
        }
        const types = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 'there' : 'here'));
        for (const one of [listener, elsewhere])
          assert.deepEqual(
            (await one.untilEvents(10)).map(({ type }) => type),
            types,
          );
        assert.deepEqual(
          await collect(store.readStream(`${prefix}s`)),
          await collect(other.readStream(`${prefix}s`)),
        );
        await elsewhere.stop();
      } finally {
        await other.close?.();
      }
    },
  );
}
