import { expect } from 'chai';
import { FairQueue, type FairQueueOptions } from '../../../src/firing/pacing/fairQueue.js';
import type { Place } from '../../../src/firing/pacing/queueShare.js';

/** A queue whose claims are named `<instance>/<target>`, and the outcomes of the claims in order. */
function queueOf(options: Partial<FairQueueOptions> = {}) {
  const queue = new FairQueue({ atOnce: 4, perTarget: 4, queue: 100, ...options });
  const running: { readonly name: string; readonly place: Place }[] = [];
  const dropped: string[] = [];
  const run = (name: string) => (place: Place) => running.push({ name, place });
  return {
    queue,
    dropped,
    running: () => running.map(({ name }) => name),
    /** The outcome of a claim: run at once, waiting, or dropped. */
    claim(name: string, bytes = 1): 'runs' | 'waits' | 'dropped' {
      const [instanceID = '', targetID = ''] = name.split('/');
      const claimant = { instanceID, targetID };
      const place = queue.tryTake(claimant);
      if (place) {
        run(name)(place);
        return 'runs';
      }
      const left = queue.wait(claimant, { start: run(name), drop: () => dropped.push(name), bytes });
      return left ? 'waits' : 'dropped';
    },
    end(name: string): void {
      const index = running.findIndex((each) => each.name === name);
      for (const { place } of running.splice(index, 1)) {
        place.release();
        place.release();
      }
    },
  };
}

const times = (count: number, action: () => unknown) => Array.from({ length: count }, action);

describe('places shared by instances', () => {
  it('are never all taken by one instance, however many targets the instance calls, in any order of arrival', () => {
    for (const atOnce of [4, 8, 64, 200]) {
      const { claim, running } = queueOf({ atOnce, perTarget: atOnce, queue: 10_000 });
      for (let place = 0; place < atOnce; place++) {
        claim('a/one');
        claim('a/two');
      }
      expect(running().length, String(atOnce)).to.be.within(Math.floor(atOnce * 0.7), atOnce - 1);
      expect(claim('b/quick')).to.equal('runs');
    }
  });

  it('are left by each instance in turn: the third instance finds a place too', () => {
    const { claim } = queueOf({ atOnce: 64, perTarget: 64, queue: 10_000 });
    times(100, () => claim('a/slow'));
    times(100, () => claim('b/slow'));
    expect(claim('c/quick')).to.equal('runs');
  });

  it('are all used by the only instance there is, where calls are few', () => {
    const { claim } = queueOf({ atOnce: 3, perTarget: 3 });
    expect(times(4, () => claim('a/one'))).to.deep.equal(['runs', 'runs', 'runs', 'waits']);
  });

  it('are left to another target of the same instance once there are several', () => {
    const { claim, running, end } = queueOf({ atOnce: 16, perTarget: 16, queue: 1_000 });
    claim('a/quick');
    times(100, () => claim('a/slow'));
    end('a/quick');
    expect(claim('a/quick')).to.equal('runs');
    expect(running().filter((name) => name === 'a/slow').length).to.be.above(10);
  });

  it('are limited for each target', () => {
    const { claim } = queueOf({ atOnce: 8, perTarget: 2 });
    expect(times(3, () => claim('a/one'))).to.deep.equal(['runs', 'runs', 'waits']);
    expect(claim('a/two')).to.equal('runs');
  });

  it('go to the instances in turn, and within an instance to its targets in turn', () => {
    const { claim, running, end } = queueOf({ atOnce: 1, perTarget: 1 });
    claim('x/x');
    for (const name of ['a/one', 'a/one', 'a/one', 'a/two', 'b/one', 'c/one']) claim(name);
    const order: string[] = [];
    for (let count = 0; count < 7; count++) {
      const [name = ''] = running();
      order.push(name);
      end(name);
    }
    expect(order).to.deep.equal(['x/x', 'a/one', 'b/one', 'c/one', 'a/two', 'a/one', 'a/one']);
  });

  it('are all free after the last call', () => {
    const { queue, claim, running, end } = queueOf({ atOnce: 2, perTarget: 1 });
    for (let count = 0; count < 50; count++) claim(`i${count % 7}/t${count % 3}`);
    for (let [name] = running(); name !== undefined; [name] = running()) end(name);
    expect([queue.running, queue.waiting, queue.isIdle]).to.deep.equal([0, 0, true]);
  });
});

describe('a full queue of calls', () => {
  it('drops the latest call of the instance with the most queued calls, not of the latest instance', () => {
    const { claim, dropped, queue } = queueOf({ atOnce: 1, queue: 10 });
    claim('a/slow');
    times(10, () => claim('a/slow'));
    expect(claim('a/slow')).to.equal('dropped');
    expect(times(5, () => claim('b/one'))).to.deep.equal(times(5, () => 'waits'));
    expect(claim('b/one')).to.equal('dropped');
    expect(claim('c/one')).to.equal('waits');
    expect(dropped).to.deep.equal(times(6, () => 'a/slow'));
    expect(queue.waiting).to.equal(10);
  });

  it('drops a call of the target with the most queued calls within one instance', () => {
    const { claim, dropped } = queueOf({ atOnce: 1, queue: 4 });
    for (const name of ['x/x', 'a/slow', 'a/slow', 'a/slow', 'a/quick']) claim(name);
    expect(claim('a/quick')).to.equal('waits');
    expect(dropped).to.deep.equal(['a/slow']);
  });

  it('is limited in bytes and in count', () => {
    const { claim, dropped, queue } = queueOf({ atOnce: 1, queue: 1_000, queueBytes: 1_000 });
    claim('x/x');
    for (let count = 0; count < 10; count++) claim('a/large', 100);
    expect(claim('a/large', 100)).to.equal('dropped');
    expect(claim('b/small', 150)).to.equal('waits');
    expect(dropped).to.deep.equal(['a/large', 'a/large']);
    expect(claim('c/huge', 1_001)).to.equal('dropped');
    expect(queue.waiting).to.equal(9);
  });

  it('does not count calls that have left the queue', () => {
    const { queue } = queueOf({ atOnce: 1, queue: 1 });
    const claimant = { instanceID: 'a', targetID: 't' };
    queue.tryTake(claimant);
    const waiting = { start: () => undefined, drop: () => undefined, bytes: 5 };
    for (let count = 0; count < 3; count++) {
      const leave = queue.wait(claimant, waiting);
      expect(queue.waiting).to.equal(1);
      leave?.();
      leave?.();
      expect(queue.waiting).to.equal(0);
    }
  });
});
