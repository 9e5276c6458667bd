import { expect } from 'chai';
import { FairQueue } from '../../../src/firing/pacing/fairQueue.js';
import { QueueShare } from '../../../src/firing/pacing/queueShare.js';
import { WeightHeap } from '../../../src/firing/pacing/weightHeap.js';

/** The same numbers in every run. */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

describe('the heaviest of a changing set', () => {
  it('is the value that a full scan finds, when values are added, changed and removed', () => {
    const draw = drawing(7);
    const weights = new Map<number, number>();
    const heap = new WeightHeap<number>((value) => weights.get(value) ?? Number.NaN);
    for (let step = 0; step < 20_000; step++) {
      const value = draw(60);
      if (draw(3) === 0) {
        heap.delete(value);
        weights.delete(value);
      } else {
        weights.set(value, draw(1_000));
        heap.put(value);
      }
      const heaviest = heap.first === undefined ? undefined : weights.get(heap.first);
      expect(heaviest).to.equal(weights.size === 0 ? undefined : Math.max(...weights.values()));
    }
  });
});

describe('a queue over its bound in bytes', () => {
  /** How often the queue reads the bytes of a share during a flood of calls while `shares` wait. */
  function looksFor(
    shares: number,
    nameOf: (at: number) => { instanceID: string; targetID: string },
  ): number {
    const queue = new FairQueue({ atOnce: 1, perTarget: 1, queue: 10 * shares, queueBytes: 4 * shares });
    queue.tryTake({ instanceID: 'x', targetID: 'x' });
    let dropped = 0;
    const waiting = { start: () => undefined, drop: () => (dropped += 1), bytes: 4 };
    for (let at = 0; at < shares; at++) queue.wait(nameOf(at), waiting);
    const described = Object.getOwnPropertyDescriptor(QueueShare.prototype, 'bytes') as PropertyDescriptor;
    const read = described.get as () => number;
    let looks = 0;
    Object.defineProperty(QueueShare.prototype, 'bytes', {
      ...described,
      get(this: QueueShare): number {
        looks += 1;
        return read.call(this);
      },
    });
    const flood = 1_000;
    try {
      for (let at = 0; at < flood; at++) if (!queue.wait(nameOf(at % shares), waiting)) dropped += 1;
    } finally {
      Object.defineProperty(QueueShare.prototype, 'bytes', described);
    }
    expect(dropped).to.equal(flood);
    return looks / flood;
  }

  for (const [many, nameOf] of [
    ['targets of one instance', (at: number) => ({ instanceID: 'a', targetID: `t${at}` })],
    ['instances', (at: number) => ({ instanceID: `i${at}`, targetID: 't' })],
  ] as const)
    it(`looks at a few of the ${many} for each call, at n and at 4n`, () => {
      const few = looksFor(1_000, nameOf);
      const many = looksFor(4_000, nameOf);
      expect(few).to.be.below(200);
      // Two more levels of the heap cost four reads each, for a call that arrives and one that leaves.
      expect(many).to.be.below(few + 40);
    });
});
