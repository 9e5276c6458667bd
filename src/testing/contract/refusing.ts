import assert from 'node:assert/strict';
import { isActionsError } from '../../errors.js';
import type { AppendOptions, EventData, ReadOptions, SubscribeOptions } from '../../ports.js';
import { collect, type Rule, typed } from './harness.js';

function cycle(): unknown {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}

function nested(levels: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

const badEvents: readonly (readonly [string, unknown])[] = [
  ['an empty type', { type: '', data: {} }],
  ['no type', { data: {} }],
  ['half a surrogate pair in the type', { type: '\ud834', data: {} }],
  ['an id that is no UUID', { id: 'order-1', type: 'a', data: {} }],
  ['an empty id', { id: '', type: 'a', data: {} }],
  ['a BigInt', { type: 'a', data: { n: 1n } }],
  ['a cycle', { type: 'a', data: cycle() }],
  ['no data', { type: 'a' }],
  ['a function as data', { type: 'a', data: () => 1 }],
  ['a symbol as data', { type: 'a', data: Symbol('a') }],
  ['data too deep to be written', { type: 'a', data: nested(200_000) }],
  ['a toJSON that throws', { type: 'a', data: { toJSON: () => assert.fail('no') } }],
  ['metadata that are a list', { type: 'a', data: {}, metadata: [] }],
  ['metadata that are text', { type: 'a', data: {}, metadata: 'x' }],
  ['metadata that are null', { type: 'a', data: {}, metadata: null }],
  ['a BigInt in the metadata', { type: 'a', data: {}, metadata: { n: 1n } }],
  ['null for an event', null],
  ['text for an event', 'a'],
];

const badExpectations: readonly unknown[] = [-1n, -2n, 2n ** 64n, 1, 'no_stream', '', null, {}];

const invalid = (error: unknown): boolean => isActionsError(error, 'INVALID_ARGUMENT');

/** Bad input is refused with an InvalidArgumentError, and the store does not change. */
export function refusingRules(rule: Rule): void {
  for (const [what, event] of badEvents)
    rule(`refuses ${what}`, async ({ store, prefix }) => {
      const events = [...typed('good'), event as EventData];
      await assert.rejects(store.append(`${prefix}s`, events), invalid);
      await store.append(`${prefix}s`, typed('still usable'), { expectedVersion: 'no-stream' });
    });

  rule('refuses an unknown expectation', async ({ store, prefix }) => {
    for (const expectedVersion of badExpectations)
      await assert.rejects(
        store.append(`${prefix}s`, typed('a'), { expectedVersion } as AppendOptions),
        invalid,
        String(expectedVersion),
      );
    await store.append(`${prefix}s`, typed('a'), { expectedVersion: 'no-stream' });
  });

  rule('refuses an empty stream name, in appending and in reading', async ({ store }) => {
    for (const name of ['', undefined, 1] as string[]) {
      await assert.rejects(store.append(name, typed('a')), invalid);
      await assert.rejects(async () => collect(store.readStream(name)), invalid);
    }
  });

  rule('refuses malformed reads', async ({ store, prefix }) => {
    const bad: unknown[] = [{ limit: 0 }, { limit: -1 }, { limit: 1.5 }, { from: -1n }, { direction: 'up' }];
    await store.append(`${prefix}s`, typed('a'));
    for (const options of bad)
      await assert.rejects(
        async () => collect(store.readStream(`${prefix}s`, options as ReadOptions)),
        invalid,
        JSON.stringify(options, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
      );
  });

  rule('refuses a subscription from a negative position', async ({ store, prefix }) => {
    const options: SubscribeOptions = {
      after: -1n,
      prefixes: [prefix],
      signal: new AbortController().signal,
    };
    await assert.rejects(async () => collect(store.subscribe(options)), invalid);
  });
}
