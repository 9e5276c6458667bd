import assert from 'node:assert/strict';
import type { SubscriptionMessage } from '../../ports.js';
import {
  collect,
  isEvent,
  lookedUpTo,
  numbered,
  place,
  requireEventsBeforeCheckpoints,
  type Rule,
  typed,
} from './harness.js';

export function subscribingRules(rule: Rule): void {
  rule('catches up, says so, then follows', async ({ store, prefix, listen }) => {
    await store.append(`${prefix}1`, typed('a', 'b'));
    const { position = 0n } = await store.append(`${prefix}2`, typed('c'));
    const listener = listen();
    await listener.untilCaughtUp();
    assert.deepEqual(
      listener.messages
        .filter((message) => !('checkpoint' in message))
        .map((message) => (isEvent(message) ? message.type : 'caughtUp'))
        .slice(0, 4),
      ['a', 'b', 'c', 'caughtUp'],
    );
    const news = listener.messages.find((message) => 'caughtUp' in message);
    assert.ok(news?.position === undefined || news.position >= position);
    await store.append(`${prefix}1`, typed('d'));
    await store.append(`${prefix}3`, typed('e'));
    const events = await listener.untilEvents(5);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['a', 'b', 'c', 'd', 'e'],
    );
  });

  rule('delivers an event as a read gives it', async ({ store, prefix, listen }) => {
    const bytes = new Uint8Array([1, 2]);
    await store.append(`${prefix}s`, [
      { type: 'json', data: { text: 'x'.repeat(20_000) }, metadata: { m: 1 } },
      { type: 'bytes', data: bytes },
    ]);
    assert.deepEqual(await listen().untilEvents(2), await collect(store.readStream(`${prefix}s`)));
  });

  rule('delivers streams with one of the prefixes, each event once', async ({ store, prefix, listen }) => {
    const names = ['a-1', 'a-2', 'ab-1', 'b', 'b-1', 'c-1', 'é-1', 'é'];
    const heard = {
      'a-': ['a-1', 'a-2'],
      a: ['a-1', 'a-2', 'ab-1'],
      'a-1|b': ['a-1', 'b', 'b-1'],
      'a|a-|a-1': ['a-1', 'a-2', 'ab-1'],
      é: ['é-1', 'é'],
      none: [],
    };
    const listeners = Object.entries(heard).map(
      ([prefixes, expected]) =>
        [listen({ prefixes: prefixes.split('|').map((end) => `${prefix}${end}`) }), expected] as const,
    );
    // Half of it while they are catching up, the other half when they follow.
    for (const name of names) await store.append(`${prefix}${name}`, typed('early'));
    for (const [listener] of listeners) await listener.untilCaughtUp();
    for (const name of names) await store.append(`${prefix}${name}`, typed('late'));
    for (const [listener, expected] of listeners) {
      await listener.untilEvents(expected.length * 2);
      assert.deepEqual(
        listener.events.map(({ stream, type }) => `${stream.slice(prefix.length)} ${type}`),
        [...expected.map((name) => `${name} early`), ...expected.map((name) => `${name} late`)],
      );
    }
  });

  rule(
    'starts after a position: of an event, of caughtUp or of a checkpoint',
    async ({ store, prefix, listen }) => {
      await store.append(`${prefix}s`, numbered(30));
      await store.append(`foreign.${prefix}s`, numbered(30));
      await store.append(`${prefix}t`, numbered(30));
      const whole = listen();
      await whole.untilCaughtUp();
      const all = await whole.untilEvents(60);
      for (const index of [0, 1, 29, 30, 58, 59]) {
        const resumed = listen({ after: all[index]?.position ?? 0n });
        await resumed.untilCaughtUp();
        assert.deepEqual(resumed.events.map(place), all.slice(index + 1).map(place));
      }
      // A store that holds many events of others may have told many.
      const told = whole.messages.map(lookedUpTo).filter((position) => position !== undefined);
      for (const position of told.slice(-10)) {
        const resumed = listen({ after: position });
        await resumed.untilCaughtUp();
        assert.deepEqual(
          resumed.events.map(place),
          all.filter((event) => event.position > position).map(place),
        );
      }
    },
  );

  rule('starts at the end with after: head()', async ({ store, prefix, listen }) => {
    const { position = 0n } = await store.append(`${prefix}s`, typed('a'));
    const head = await store.head?.();
    assert.ok(head === undefined || head >= position);
    const listener = listen({ after: head ?? position });
    await listener.untilCaughtUp();
    await store.append(`${prefix}s`, typed('b'));
    const [event] = await listener.untilEvents(1);
    assert.equal(event?.type, 'b');
  });

  rule(
    'misses and doubles nothing that is appended while it catches up',
    async ({ store, prefix, listen }) => {
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
    },
  );

  rule('never says a position before the events up to it', async ({ store, prefix, listen }) => {
    const listener = listen();
    for (let round = 0; round < 20; round += 1) {
      await store.append(`${prefix}s`, typed('ours'));
      await store.append(`foreign.${prefix}s`, numbered(20));
    }
    await listener.untilEvents(20);
    requireEventsBeforeCheckpoints(listener.messages);
  });

  rule('waits for a consumer that is slow', async ({ store, prefix }) => {
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
    // The signal was not aborted: leaving alone has ended each of them.
    const listener = listen();
    await store.append(`${prefix}s`, numbered(1, 20));
    await listener.untilEvents(21);
    for (const subscription of left)
      assert.deepEqual(await subscription.next(), { value: undefined, done: true });
  });
}

export function severalHandlesRules(rule: Rule): void {
  rule('hears what another handle appends, and is read by it', async ({ store, prefix, listen, another }) => {
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
  });
}
