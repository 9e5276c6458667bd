import { expect } from 'chai';
import type { EventLog } from '../../src/stores/local/eventLog.js';
import { Followers } from '../../src/stores/local/followers.js';
import { subscribeToLog } from '../../src/stores/local/subscribeToLog.js';

/** Whether a promise is settled after the pending microtasks, before any timer. */
async function settledAtOnce(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  for (let hop = 0; hop < 5; hop += 1) await Promise.resolve();
  return settled;
}

describe('followers', () => {
  it('wake at once where one of their streams was appended to, and the others at the next tick', async () => {
    const followers = new Followers();
    const ours = followers.join(['a-', 'b-']);
    const all = followers.join(undefined);
    const others = followers.join(['c-']);
    const waiting = [ours, all, others].map(({ wait }) => wait());
    followers.announce(['x-1', 'b-1']);
    expect(await Promise.all(waiting.map(settledAtOnce))).to.deep.equal([true, true, false]);
    await Promise.all(waiting);
    for (const follower of [ours, all, others]) follower.leave();
  });

  it('wake all followers where the store cannot tell whether another process wrote, and ask again', async () => {
    let asked = 0;
    const followers = new Followers(() => {
      asked += 1;
      if (asked > 1) throw new Error('the file is damaged');
      return false;
    });
    const follower = followers.join(['a-']);
    await follower.wait();
    await follower.wait();
    expect(asked).to.be.at.least(3);
    follower.leave();
  });

  it('remember once that events came while no follower waited', async () => {
    const followers = new Followers();
    const follower = followers.join(['a-']);
    followers.announce(['a-1']);
    followers.announce(['a-2']);
    expect(await settledAtOnce(follower.wait())).to.equal(true);
    const waiting = follower.wait();
    expect(await settledAtOnce(waiting)).to.equal(false);
    follower.wake();
    await waiting;
    follower.leave();
  });

  it('ask about other processes only while there are followers, and wake all followers when another process wrote', async () => {
    let asked = 0;
    let changed = false;
    const followers = new Followers(() => {
      asked += 1;
      return changed;
    });
    const first = followers.join(['a-']);
    const second = followers.join(['b-']);
    expect(asked).to.equal(1);
    const waiting = [first.wait(), second.wait()];
    expect(await Promise.all(waiting.map(settledAtOnce))).to.deep.equal([false, false]);
    changed = true;
    await Promise.all(waiting);
    first.leave();
    second.leave();
    const before = asked;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(asked).to.equal(before);
  });
});

describe('a subscription to a local store', () => {
  const log: Pick<EventLog, 'head' | 'pages'> = {
    head: () => Promise.resolve(0),
    pages: () => () => Promise.resolve({ events: [], examined: 0 }),
  };

  /** Subscribes, and ends the subscription once it has caught up. */
  async function subscribeAndEnd(end: 'left' | 'aborted' | 'closed', followers: Followers): Promise<void> {
    const leaving = new AbortController();
    let isOpen = true;
    const requireOpen = () => {
      if (!isOpen) throw new Error('the store is closed');
    };
    const options = { signal: leaving.signal };
    const subscription = subscribeToLog(log as EventLog, followers, options, requireOpen)[
      Symbol.asyncIterator
    ]();
    expect(await subscription.next()).to.deep.include({ done: false });
    if (end === 'left') await subscription.return?.();
    const next = subscription.next().catch((error: unknown) => (error as Error).message);
    if (end === 'aborted') leaving.abort();
    isOpen = false;
    if (end === 'closed') followers.wakeAll();
    expect(await next).to.deep.equal(
      end === 'closed' ? 'the store is closed' : { value: undefined, done: true },
    );
  }

  for (const end of ['left', 'aborted', 'closed'] as const)
    it(`follows no longer once it was ${end}`, async () => {
      let asked = 0;
      const followers = new Followers(() => {
        asked += 1;
        return false;
      });
      await subscribeAndEnd(end, followers);
      const before = asked;
      expect(before).to.be.at.least(1);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(asked).to.equal(before);
    });
});
