import { expect } from 'chai';
import {
  UnansweredAppends,
  type UnansweredAppend,
} from '../../../src/stores/grpcClient/appending/unansweredAppends.js';
import type { Clock } from '../../../src/ports.js';
import { manualClock } from '../../support/manualClock.js';

describe('appends without an answer', () => {
  function open() {
    const clock = manualClock();
    let timers = 0;
    const after: Clock['after'] = (milliseconds, action) => {
      timers++;
      return clock.after(milliseconds, action);
    };
    const counted = { now: () => clock.now(), elapsed: () => clock.elapsed(), after };
    const pending = new UnansweredAppends(counted);
    const overdue: string[] = [];
    const add = (name: string, limitMs: number): UnansweredAppend => {
      const append: UnansweredAppend = {
        since: clock.elapsed(),
        dueAt: clock.elapsed() + limitMs,
        usesBatch: true,
        slot: -1,
        overdue: () => overdue.push(name),
        fail: () => undefined,
      };
      pending.add(append);
      return append;
    };
    return { clock, pending, overdue, add, timers: () => timers };
  }

  it('are each given up at their own time, by one timer', () => {
    const { clock, pending, overdue, add, timers } = open();
    add('a', 100);
    clock.advance(10);
    add('b', 100);
    add('early', 20);
    const answered = add('answered', 100);
    expect(timers()).to.equal(2);
    clock.advance(20);
    expect(overdue).to.deep.equal(['early']);
    pending.delete(answered);
    clock.advance(70);
    expect(overdue).to.deep.equal(['early', 'a']);
    clock.advance(10);
    expect(overdue).to.deep.equal(['early', 'a', 'b']);
    expect([...pending]).to.deep.equal([]);
    expect(timers()).to.equal(4);
  });

  it('hold no timer when there are none', () => {
    const { clock, pending, overdue, add } = open();
    pending.delete(add('a', 100));
    expect(clock.pending().length).to.equal(0);
    clock.advance(1_000);
    expect(overdue).to.deep.equal([]);
    add('b', 100);
    expect(clock.pending().length).to.equal(1);
  });
});
