import assert from 'node:assert/strict';
import { collect, isEvent, lookedUpTo, numbered, place, type Rule, typed } from './harness.js';

/** The rules of the messages of a subscription, and of where it starts. */
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
      // A store that cannot keep this character has no such name; the other prefixes still deliver.
      '\u0000': [],
      '\u0000|c': ['c-1'],
    };
    const listeners = Object.entries(heard).map(
      ([prefixes, expected]) =>
        [listen({ prefixes: prefixes.split('|').map((end) => `${prefix}${end}`) }), expected] as const,
    );
    // Half of the events while the subscriptions catch up, the other half when they follow.
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
      // A store with many events of others may have reported many positions.
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
}
