import { expect } from 'chai';
import { createWaiters } from '../../src/routing/waiting/waiters.js';
import { createWaitingPositions } from '../../src/routing/waiting/waitingPositions.js';

describe('waiters for a position', () => {
  it('are resolved in the order of their positions, each once, and only where the position was reached', async () => {
    const waiters = createWaiters();
    const reached: number[] = [];
    const waiting = [5, 3, 9, 1, 7, 3].map((position) =>
      waiters.untilReached(BigInt(position)).then(() => reached.push(position)),
    );
    waiters.reached(4n);
    await Promise.all([waiting[1], waiting[3], waiting[5]]);
    expect(reached).to.deep.equal([1, 3, 3]);
    waiters.reached(9n);
    await Promise.all(waiting);
    expect(reached).to.deep.equal([1, 3, 3, 5, 7, 9]);
    expect(waiters.waitForPosition).to.equal(false);
  });

  it('are not all compared with each position, however many wait', async () => {
    const waiters = createWaiters();
    const count = 20_000;
    const waiting = Array.from({ length: count }, (_, n) => waiters.untilReached(BigInt(count - n)));
    // Comparing every waiter with every position would take 400 million comparisons.
    for (let n = 1; n <= count; n++) waiters.reached(BigInt(n));
    await Promise.all(waiting);
    expect(waiters.waitForPosition).to.equal(false);
  });

  it('are each visited a few times when they abort in turn, however many wait', () => {
    const looksAt = (count: number): number => {
      const positions = createWaitingPositions();
      let looks = 0;
      const settled = new Set<number>();
      for (let n = 0; n < count; n++)
        positions.add(BigInt(1 + (n % 100)), {
          get isSettled() {
            looks += 1;
            return settled.has(n);
          },
          resolve: () => undefined,
          reject: () => undefined,
        });
      for (let n = 0; n < count; n++) {
        settled.add(n);
        positions.noteAbort();
      }
      expect(positions.size).to.equal(0);
      return looks;
    };
    for (const count of [5_000, 20_000]) expect(looksAt(count)).to.be.at.most(4 * count);
  });

  it('are dropped when their signals abort, though their position is never reached', async () => {
    const waiters = createWaiters();
    const stop = new AbortController();
    const aborted = Array.from({ length: 100 }, () =>
      waiters.untilReached(1_000n, stop.signal).catch((error: unknown) => error),
    );
    stop.abort('enough');
    expect(await Promise.all(aborted)).to.deep.equal(Array.from({ length: 100 }, () => 'enough'));
    expect(waiters.waitForPosition).to.equal(false);
  });
});
