import { expect } from 'chai';
import fc from 'fast-check';
import type { EventStore } from '../../src/ports.js';
import { isActionsError } from '../../src/errors.js';
import { rangeOf } from '../../src/stores/local/prefixRanges.js';
import { memoryEventStore } from '../../src/stores/memory.js';
import { openKind, storeKinds } from '../support/openActions.js';

/** Characters on both sides of every border: of UTF-8 lengths, of the surrogates, of the whole range. */
const character = fc.constantFrom(
  'a',
  'b',
  '-',
  '\u0000',
  '\u007f',
  '\u0080',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '𐀀',
  '𝄞',
  '\u{10ffff}',
);
const name = fc.string({ unit: character, minLength: 1, maxLength: 5 });
const prefixes = fc.array(fc.string({ unit: character, maxLength: 3 }), { minLength: 1, maxLength: 4 });

async function caughtUp(store: EventStore, chosen: readonly string[]): Promise<string[]> {
  const streams: string[] = [];
  for await (const message of store.subscribe({ prefixes: chosen, signal: new AbortController().signal })) {
    if ('stream' in message) streams.push(message.stream);
    if ('caughtUp' in message) break;
  }
  return streams;
}

const matching = (names: readonly string[], chosen: readonly string[]) =>
  names.filter((one) => chosen.some((prefix) => one.startsWith(prefix)));

/** Appends to each stream, and returns the names that the store keeps: PostgreSQL refuses names with a NUL. */
async function append(store: EventStore, names: readonly string[]): Promise<readonly string[]> {
  const kept = await Promise.all(
    names.map(async (stream) => {
      try {
        await store.append(stream, [{ type: 'e', data: {} }]);
        return true;
      } catch (error) {
        if (stream.includes('\u0000') && isActionsError(error, 'INVALID_ARGUMENT')) return false;
        throw error;
      }
    }),
  );
  return names.filter((_, place) => kept[place]);
}

for (const storeKind of storeKinds)
  describe(`subscriptions by prefix, over ${storeKind}`, () => {
    it('deliver the same as comparing every name, in the order of appending', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(name, { maxLength: 40 }), prefixes, async (names, chosen) => {
          const { store, close } = await openKind(storeKind);
          try {
            const kept = await append(store, names);
            expect(await caughtUp(store, chosen)).to.deep.equal(matching(kept, chosen));
          } finally {
            await close();
          }
        }),
        { numRuns: 100 },
      );
    });

    it('find a few events among many categories and many foreign events', async () => {
      const { store, close } = await openKind(storeKind);
      try {
        const foreign = Array.from({ length: 20 }, () => ({ type: 'foreign', data: {} }));
        const names = Array.from(
          { length: 1_500 },
          (_, index) => `${index % 7 === 0 ? 'a' : 'b'}${index % 200}-${index}`,
        );
        for (let first = 0; first < names.length; first += 100) {
          await append(store, names.slice(first, first + 100));
          await Promise.all(
            Array.from({ length: 100 }, (_, index) => store.append(`order-${index}`, foreign)),
          );
        }
        // Above and below the number of categories that are merged.
        for (const chosen of [['a'], ['a', 'b'], ['a7-', 'b1-'], ['a7-1', 'a7'], ['order-x', 'b8-8']])
          expect(await caughtUp(store, chosen)).to.deep.equal(matching(names, chosen));
      } finally {
        await close();
      }
    });
  });

describe('subscriptions by prefix', () => {
  it('end a range at the next name by bytes', () => {
    expect(rangeOf('a')).to.deep.equal({ from: 'a', to: 'b' });
    expect(rangeOf('a\u{10ffff}')).to.deep.equal({ from: 'a\u{10ffff}', to: 'b' });
    expect(rangeOf('\ud7ff')).to.deep.equal({ from: '\ud7ff', to: '\ue000' });
    expect(rangeOf('\uffff')).to.deep.equal({ from: '\uffff', to: '𐀀' });
    expect(rangeOf('\u{10ffff}')).to.deep.equal({ from: '\u{10ffff}', to: undefined });
  });

  it('refuse a list of no prefix, and a list of more than 100', async () => {
    for (const bad of [
      [],
      Array.from({ length: 101 }, (_, index) => `p${index}`),
      ['\ud834'],
      'order-',
      [1],
    ]) {
      await using store = memoryEventStore();
      let error: unknown;
      await caughtUp(store, bad as string[]).catch((caught: unknown) => {
        error = caught;
      });
      expect(error).to.have.property('code', 'INVALID_ARGUMENT');
    }
  });
});
