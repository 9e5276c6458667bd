import { FairQueue } from '../../../../src/firing/pacing/fairQueue.js';
import type { GrowingInput, GrowingInputs } from '../growing.js';

/** Many calls wait for one place, and each passes it to the next one. */
const queueOf = (
  claimantOf: (at: number, n: number) => { instanceID: string; targetID: string },
  boundsOf: (n: number) => { queue: number; queueBytes?: number } = (n) => ({ queue: n / 2 }),
): GrowingInput => ({
  n: 10_000,
  prepare: (n) => () => {
    const queue = new FairQueue({ atOnce: 4, perTarget: 4, ...boundsOf(n) });
    const free: { release(): void }[] = [];
    for (let at = 0; at < n; at += 1) {
      const claimant = claimantOf(at, n);
      const place = queue.tryTake(claimant);
      if (place) free.push(place);
      else
        queue.wait(claimant, {
          start: (started) => free.push(started),
          drop: () => undefined,
          bytes: 1,
        });
    }
    for (let ended = 0; ended < 2 * n; ended += 1) {
      const place = free.pop();
      if (!place) break;
      place.release();
    }
    if (!queue.isIdle) throw new Error('the queue holds calls that never start');
  },
});

export const inputs: GrowingInputs = {
  'one target': queueOf(() => ({ instanceID: 'a', targetID: 't' })),
  'many targets of one instance': queueOf((at) => ({ instanceID: 'a', targetID: `t${at}` })),
  'many targets over the bound in bytes': queueOf(
    (at, n) => ({ instanceID: 'a', targetID: `t${at % (n / 2)}` }),
    (n) => ({ queue: n, queueBytes: n / 2 }),
  ),
  'many instances over the bound in bytes': queueOf(
    (at, n) => ({ instanceID: `i${at % (n / 2)}`, targetID: 't' }),
    (n) => ({ queue: n, queueBytes: n / 2 }),
  ),
  'many instances': queueOf((at) => ({ instanceID: `i${at}`, targetID: 't' })),
};
