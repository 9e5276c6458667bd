import { expect } from 'chai';
import { systemClock } from '../../../src/lib/clock.js';
import { createDrain } from '../../../src/firing/pacing/drain.js';

const drainMs = 60_000;

describe('a drain', () => {
  it('waits for tasks that ending tasks start, however many steps later', async () => {
    const drain = createDrain({ drainMs, clock: systemClock() });
    const ended: string[] = [];
    let end: () => void = () => undefined;
    const first = drain.track(new Promise<void>((resolve) => (end = resolve)));
    const goOn = async () => {
      await first;
      for (let step = 0; step < 100; step++) await Promise.resolve();
      await drain.track(new Promise(setImmediate));
      ended.push('second');
    };
    const going = goOn();
    const running = drain.run();
    end();
    await running;
    await going;
    expect(drain.cutOff.aborted).to.equal(true);
    expect(ended).to.deep.equal(['second']);
  });

  it('ends at once where nothing runs, and counts failures as ends', async () => {
    const drain = createDrain({ drainMs, clock: systemClock() });
    const failing = drain.track(Promise.reject(new Error('of the operation')));
    await drain.run();
    const error = await failing.catch((reason: unknown) => reason);
    expect(error).to.include({ message: 'of the operation' });
    expect(drain.cutOff.reason).to.include({ code: 'ACTIONS_CLOSED' });
    await drain.ended();
  });

  it('cuts off unfinished tasks when its time is over', async () => {
    let timeUp: () => void = () => undefined;
    const clock = {
      ...systemClock(),
      after: (_milliseconds: number, action: () => void) => {
        timeUp = action;
        return () => undefined;
      },
    };
    const drain = createDrain({ drainMs, clock });
    let end: () => void = () => undefined;
    void drain.track(new Promise<void>((resolve) => (end = resolve)));
    drain.cutOff.addEventListener('abort', () => {
      end();
    });
    const running = drain.run();
    timeUp();
    await running;
    await drain.ended();
    expect(drain.cutOff.aborted).to.equal(true);
  });
});
