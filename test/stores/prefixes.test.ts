import { expect } from 'chai';
import fc from 'fast-check';
import type { EventStore } from '../../src/ports.js';
import { memoryEventStore } from '../../src/stores/memory.js';
import { rangeOf } from '../../src/stores/local/prefixRanges.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { temporaryFolder } from './temporaryFolder.js';

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

const append = async (store: EventStore, names: readonly string[]) => {
  await Promise.all(names.map((stream) => store.append(stream, [{ type: 'e', data: {} }])));
};

describe('subscriptions by prefix', () => {
  it('deliver the same as comparing every name, in the order of appending', async () => {
    const { file, remove } = temporaryFolder();
    let run = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(name, { maxLength: 40 }), prefixes, async (names, chosen) => {
          await using memory = memoryEventStore();
          run += 1;
          await using sqlite = sqliteEventStore({ path: file(`${run}.db`), synchronous: 'NORMAL' });
          for (const store of [memory, sqlite]) {
            await append(store, names);
            expect(await caughtUp(store, chosen)).to.deep.equal(matching(names, chosen));
          }
        }),
        { numRuns: 100 },
      );
    } finally {
      remove();
    }
  });

  it('find a few events among many categories and many foreign events', async () => {
    const { file, remove } = temporaryFolder();
    await using memory = memoryEventStore();
    await using sqlite = sqliteEventStore({ path: file('events.db'), synchronous: 'NORMAL' });
    try {
      const foreign = Array.from({ length: 20 }, () => ({ type: 'foreign', data: {} }));
      const names = Array.from(
        { length: 1_500 },
        (_, index) => `${index % 7 === 0 ? 'a' : 'b'}${index % 200}-${index}`,
      );
      for (const store of [memory, sqlite]) {
        for (let first = 0; first < names.length; first += 100) {
          await append(store, names.slice(first, first + 100));
          await Promise.all(
            Array.from({ length: 100 }, (_, index) => store.append(`order-${index}`, foreign)),
          );
        }
        // Above and below the number of categories that are merged.
        for (const chosen of [['a'], ['a', 'b'], ['a7-', 'b1-'], ['a7-1', 'a7'], ['order-x', 'b8-8']])
          expect(await caughtUp(store, chosen)).to.deep.equal(matching(names, chosen));
      }
    } finally {
      remove();
    }
  });

  it('end a range at the next name by bytes', () => {
    expect(rangeOf('a')).to.deep.equal({ from: 'a', to: 'b' });
    expect(rangeOf('a\u{10ffff}')).to.deep.equal({ from: 'a\u{10ffff}', to: 'b' });
    expect(rangeOf('\ud7ff')).to.deep.equal({ from: '\ud7ff', to: '\ue000' });
    expect(rangeOf('\uffff')).to.deep.equal({ from: '\uffff', to: '𐀀' });
    expect(rangeOf('\u{10ffff}')).to.deep.equal({ from: '\u{10ffff}', to: undefined });
  });

  it('refuse a list of none, and one of more than 100', async () => {
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
