import assert from 'node:assert/strict';
import type { EventData, JSONValue } from '../../ports.js';
import { collect, type Rule } from './harness.js';

/** The rules for the parts of an event that a store keeps and returns. */
export function keepingRules(rule: Rule): void {
  rule('returns the data, the metadata and the time of an event', async ({ store, prefix }) => {
    const values: JSONValue[] = [
      { text: 'é ☃ 𝄞 \u0000 "', number: 1.5, big: 1e300, yes: true, nothing: null, list: [1, [2, {}]] },
      [1, 'two', { three: 3 }],
      'text',
      {},
      [],
      { ['__proto__x']: 1, '': 2 },
    ];
    const metadata = { instanceID: 'default', nested: { list: [1, 2] } };
    await store.append(
      `${prefix}s`,
      values.map((data) => ({ type: 'any', data, metadata })),
    );
    await store.append(`${prefix}s`, [{ type: 'bare', data: {} }]);
    const events = await collect(store.readStream(`${prefix}s`));
    assert.deepEqual(
      events.map(({ data }) => data),
      [...values, {}],
    );
    assert.deepEqual(
      events.map((event) => event.metadata),
      [...values.map(() => metadata), {}],
    );
    for (const { created, stream } of events) {
      assert.ok(created instanceof Date && Math.abs(created.getTime() - Date.now()) < 24 * 3_600_000);
      assert.equal(stream, `${prefix}s`);
    }
  });

  rule('returns bytes as bytes', async ({ store, prefix }) => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => index % 256);
    await store.append(`${prefix}s`, [
      { type: 'bytes', data: bytes, metadata: { a: 1 } },
      { type: 'few', data: new Uint8Array([0, 255]) },
    ]);
    const [many, few] = await collect(store.readStream(`${prefix}s`));
    assert.ok(many?.data instanceof Uint8Array && few?.data instanceof Uint8Array);
    assert.deepEqual(Array.from(many.data), Array.from(bytes));
    assert.deepEqual(Array.from(few.data), [0, 255]);
    assert.deepEqual(many.metadata, { a: 1 });
  });

  rule(
    'stores an event as it was at the call, also when the caller changes its objects afterwards',
    async ({ store, prefix }) => {
      const data = { list: [1] };
      const bytes = new Uint8Array([1]);
      const events: EventData[] = [
        { type: 'json', data, metadata: data },
        { type: 'bytes', data: bytes },
      ];
      const appended = store.append(`${prefix}s`, events);
      data.list.push(2);
      bytes[0] = 9;
      events.length = 0;
      await appended;
      const [json] = await collect(store.readStream(`${prefix}s`));
      (json?.data as { list: number[] }).list.push(3);
      const [again, binary] = await collect(store.readStream(`${prefix}s`));
      assert.deepEqual(
        [again?.data, again?.metadata, binary?.data],
        [{ list: [1] }, { list: [1] }, new Uint8Array([1])],
      );
    },
  );
}
