import assert from 'node:assert/strict';
import { isActionsError } from '../../errors.js';
import type { EventData } from '../../ports.js';
import { collect, type Rule, typed } from './harness.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function appendingRules(rule: Rule): void {
  rule('returns version and position of the last event, as they are read', async ({ store, prefix }) => {
    const first = await store.append(`${prefix}s`, typed('a', 'b'));
    const second = await store.append(`${prefix}s`, typed('c'));
    const [, b, c] = await collect(store.readStream(`${prefix}s`));
    assert.deepEqual([first.version, second.version], [b?.version, c?.version]);
    assert.deepEqual([first.position, second.position], [b?.position, c?.position]);
  });

  rule('gives positions that grow, over all streams', async ({ store, prefix }) => {
    let last = 0n;
    for (let index = 0; index < 20; index += 1) {
      const { position = 0n } = await store.append(`${prefix}${index % 3}`, typed('a', 'b'));
      assert.ok(position > last, `${position} after ${last}`);
      last = position;
    }
    const events = await collect(store.readStream(`${prefix}0`));
    assert.deepEqual(
      events.map(({ position }) => position),
      events.map(({ position }) => position).sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  rule('keeps an id that is given, and draws a UUID for an event without one', async ({ store, prefix }) => {
    const [given] = typed('a');
    await store.append(`${prefix}s`, [given, { type: 'b', data: {} }] as EventData[]);
    const [a, b] = await collect(store.readStream(`${prefix}s`));
    assert.equal(a?.id, given?.id);
    assert.match(b?.id ?? '', uuid);
  });

  rule('takes any stream name: 3 000 characters, any script', async ({ store, prefix }) => {
    const names = [`${prefix}é ☃ /a::b%20?#`, `${prefix}${'x'.repeat(3_000)}`, `${prefix}𝄞'"\\%_`, prefix];
    for (const name of names)
      await store.append(name, typed(name.slice(0, 40)), { expectedVersion: 'no-stream' });
    for (const name of names) {
      const events = await collect(store.readStream(name));
      assert.deepEqual(
        events.map(({ stream, type }) => [stream, type]),
        [[name, name.slice(0, 40)]],
      );
    }
  });

  rule('appends all events or none', async ({ store, prefix }) => {
    await store.append(`${prefix}s`, typed('a'));
    await assert.rejects(
      store.append(`${prefix}s`, typed('b', 'c'), { expectedVersion: 'no-stream' }),
      (error) => isActionsError(error, 'CONCURRENCY_CONFLICT'),
    );
    const bad = { type: 'bad', data: 1n } as unknown as EventData;
    await assert.rejects(store.append(`${prefix}s`, [...typed('b'), bad]));
    assert.equal((await collect(store.readStream(`${prefix}s`))).length, 1);
  });

  rule('decides concurrent appends separately, in order', async ({ store, prefix }) => {
    const all = await Promise.allSettled([
      store.append(`${prefix}s`, typed('a'), { expectedVersion: 'no-stream' }),
      store.append(`${prefix}s`, typed('b'), { expectedVersion: 'no-stream' }),
      store.append(`${prefix}t`, typed('c'), { expectedVersion: 7n }),
      store.append(`${prefix}u`, typed('d')),
    ]);
    assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 2);
    assert.equal(all[3].status, 'fulfilled');
    assert.equal((await collect(store.readStream(`${prefix}s`))).length, 1);
    assert.equal((await collect(store.readStream(`${prefix}t`))).length, 0);
  });

  rule('writes a repeated append once, and answers as the first time', async ({ store, prefix }) => {
    const events = typed('a', 'b', 'c');
    const first = await store.append(`${prefix}s`, events, { expectedVersion: 'no-stream' });
    await store.append(`${prefix}s`, typed('d'));
    for (const expectedVersion of ['no-stream', 'any', 'stream-exists'] as const)
      assert.deepEqual(await store.append(`${prefix}s`, events, { expectedVersion }), first);
    assert.deepEqual(
      await store.append(`${prefix}s`, events.slice(1), { expectedVersion: 0n }),
      first,
      'the end of it, at its place',
    );
    await assert.rejects(
      store.append(`${prefix}s`, [...events].reverse(), { expectedVersion: 'no-stream' }),
      (error) => isActionsError(error, 'CONCURRENCY_CONFLICT'),
    );
    assert.equal((await collect(store.readStream(`${prefix}s`))).length, 4);
  });

  rule('writes nothing where the signal was aborted before', async ({ store, prefix }) => {
    const reason = new Error('enough');
    await assert.rejects(
      store.append(`${prefix}s`, typed('a'), { signal: AbortSignal.abort(reason) }),
      (error) => error === reason,
    );
    assert.deepEqual(await collect(store.readStream(`${prefix}s`)), []);
  });
}
