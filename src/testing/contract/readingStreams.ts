import assert from 'node:assert/strict';
import type { RecordedEvent } from '../../ports.js';
import { collect, numbered, type Rule, typed } from './harness.js';

const numbers = (events: readonly RecordedEvent[]): number[] =>
  events.map(({ data }) => (data as { n: number }).n);
const countTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

export function readingRules(rule: Rule): void {
  rule('reads a long stream whole and in order, in both directions', async ({ store, prefix }) => {
    for (let first = 0; first < 1_500; first += 500) await store.append(`${prefix}s`, numbered(500, first));
    assert.deepEqual(numbers(await collect(store.readStream(`${prefix}s`))), countTo(1_500));
    assert.deepEqual(
      numbers(await collect(store.readStream(`${prefix}s`, { direction: 'backwards' }))),
      countTo(1_500).reverse(),
    );
    assert.deepEqual(
      numbers(await collect(store.readStream(`${prefix}s`, { from: 100n, limit: 1_300 }))),
      countTo(1_400).slice(100),
    );
  });

  rule('reads from a version, up to a limit, in both directions', async ({ store, prefix }) => {
    await store.append(`${prefix}s`, numbered(10));
    await store.append(`${prefix}other`, numbered(3));
    const read = async (options: Parameters<typeof store.readStream>[1]) =>
      numbers(await collect(store.readStream(`${prefix}s`, options)));
    assert.deepEqual(await read({ from: 7n }), [7, 8, 9]);
    assert.deepEqual(await read({ from: 2n, limit: 3 }), [2, 3, 4]);
    assert.deepEqual(await read({ limit: 100 }), countTo(10));
    assert.deepEqual(await read({ from: 10n }), []);
    assert.deepEqual(await read({ direction: 'backwards', limit: 2 }), [9, 8]);
    assert.deepEqual(await read({ direction: 'backwards', from: 4n, limit: 2 }), [4, 3]);
    assert.deepEqual(await read({ direction: 'backwards', from: 0n }), [0]);
    assert.deepEqual(await read({ direction: 'backwards', from: 99n, limit: 1 }), [9]);
  });

  rule('reads nothing from a missing stream', async ({ store, prefix }) => {
    assert.deepEqual(await collect(store.readStream(`${prefix}missing`)), []);
    assert.deepEqual(await collect(store.readStream(`${prefix}missing`, { direction: 'backwards' })), []);
  });

  rule('reads one stream, never another that begins with the same letters', async ({ store, prefix }) => {
    for (const name of ['a', 'ab', 'A', 'a ']) await store.append(`${prefix}${name}`, typed(name));
    const events = await collect(store.readStream(`${prefix}a`));
    assert.deepEqual(
      events.map(({ type }) => type),
      ['a'],
    );
  });

  rule('can be left at any event, and read again', async ({ store, prefix }) => {
    await store.append(`${prefix}s`, numbered(50));
    for (let rounds = 0; rounds < 20; rounds += 1)
      for await (const event of store.readStream(`${prefix}s`)) if (event.version === 3n) break;
    assert.equal((await collect(store.readStream(`${prefix}s`))).length, 50);
  });

  rule('rejects with the reason of an aborted signal', async ({ store, prefix }) => {
    await store.append(`${prefix}s`, numbered(400));
    const before = new Error('before');
    await assert.rejects(
      collect(store.readStream(`${prefix}s`, { signal: AbortSignal.abort(before) })),
      (error) => error === before,
    );
    const controller = new AbortController();
    const reason = new Error('in the middle');
    let seen = 0;
    await assert.rejects(
      async () => {
        for await (const event of store.readStream(`${prefix}s`, { signal: controller.signal })) {
          seen += 1;
          if (event.version === 10n) controller.abort(reason);
        }
      },
      (error) => error === reason,
    );
    assert.equal(seen, 11);
  });
}
