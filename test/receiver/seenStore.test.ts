import { expect } from 'chai';

import { InvalidArgumentError } from '../../src/errors.js';
import { memorySeenStore } from '../../src/receiver/seenStore.js';

describe('memory seen store', () => {
  it('remembers an id for its time', () => {
    let time = 0;
    const seen = memorySeenStore({ now: () => time });
    expect(seen.add('a', 10)).to.equal(true);
    time = 9_999;
    expect(seen.add('a', 10)).to.equal(false);
    time = 10_000;
    expect(seen.add('a', 10)).to.equal(true);
    time = 19_999;
    expect(seen.add('a', 10)).to.equal(false);
  });

  it('forgets the oldest id first when the store is full', () => {
    const seen = memorySeenStore({ maximum: 3, now: () => 0 });
    for (const id of ['a', 'b', 'c', 'd']) expect(seen.add(id, 10)).to.equal(true);
    expect([seen.add('d', 10), seen.add('c', 10), seen.add('b', 10)]).to.deep.equal([false, false, false]);
    expect(seen.add('a', 10)).to.equal(true);
    expect(seen.add('b', 10)).to.equal(true);
  });

  it('stays bounded under a flood', () => {
    const seen = memorySeenStore({ maximum: 100, now: () => 0 });
    let news = 0;
    for (let id = 0; id < 100_000; id += 1) news += Number(seen.add(String(id), 10));
    expect(news).to.equal(100_000);
    const kept = Array.from({ length: 100 }, (_, index) => seen.add(String(99_900 + index), 10));
    expect(kept.every((isNew) => !isNew)).to.equal(true);
  });

  it('refuses a capacity below one id', () => {
    for (const maximum of [0, -1, 1.5, NaN])
      expect(() => memorySeenStore({ maximum })).to.throw(InvalidArgumentError);
  });
});
