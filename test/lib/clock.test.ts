import { expect } from 'chai';
import { setTimeout as wait } from 'node:timers/promises';
import { backgroundClock, every, later, soon, systemClock } from '../../src/lib/clock.js';
import { closeAfterTest } from '../support/closings.js';

describe('a timer of the library', () => {
  it('turns what its action throws into a warning, and one that repeats goes on', async () => {
    const heard: string[] = [];
    const hear = ({ message }: Error) => heard.push(message);
    process.on('warning', hear);
    const fails = (name: string) => () => {
      throw new Error(name);
    };
    let ticks = 0;
    try {
      soon('an action that comes soon', fails('soon'));
      later('an action that comes later', 1, fails('later'));
      await new Promise<void>((resolve) => {
        const timer = every('an action that repeats', 1, () => {
          ticks += 1;
          if (ticks < 3) throw new Error('every');
          clearInterval(timer);
          resolve();
        });
      });
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('warning', hear);
    }
    expect(ticks).to.equal(3);
    expect(heard).to.have.members([
      'an action that comes soon threw and is ignored: Error: soon',
      'an action that comes later threw and is ignored: Error: later',
      'an action that repeats threw and is ignored: Error: every',
      'an action that repeats threw and is ignored: Error: every',
    ]);
  });
});

/** Until the end of the test, timers of this process run after a part of their time. Counts them. */
function runTimersEarly(part: number): { readonly started: number } {
  const { setTimeout } = globalThis;
  const count = { started: 0 };
  closeAfterTest(() => {
    globalThis.setTimeout = setTimeout;
  });
  globalThis.setTimeout = ((action: () => void, milliseconds: number) => {
    count.started += 1;
    return setTimeout(action, milliseconds * part);
  }) as typeof setTimeout;
  return count;
}

for (const [name, clock] of Object.entries({
  'the clock of the machine': systemClock(),
  'the clock of the background': backgroundClock(),
}))
  describe(name, () => {
    const timeOf = (milliseconds: number) =>
      new Promise<number>((resolve) => {
        const startedAt = clock.elapsed();
        clock.after(milliseconds, () => {
          resolve(clock.elapsed() - startedAt);
        });
      });
    let alive: NodeJS.Timeout;
    before(() => {
      alive = setInterval(() => undefined, 1_000);
    });
    after(() => {
      clearInterval(alive);
    });

    it('runs no action before its time is over by `elapsed()`', async () => {
      const times = Array.from({ length: 2_000 }, (_, place) => 1 + (place % 40) / 4);
      const taken = await Promise.all(times.map(timeOf));
      expect(taken.filter((milliseconds, place) => milliseconds < times[place]!)).to.deep.equal([]);
    });

    it('waits for the rest where the timer of the machine runs early', async () => {
      runTimersEarly(0.5);
      expect(await timeOf(40)).to.be.at.least(40);
    });

    it('cancels an action whose timer has run early', async () => {
      const timers = runTimersEarly(1e-6);
      const cancel = clock.after(1_000_000, () => undefined);
      while (timers.started < 3) await wait(1);
      cancel();
      const { started } = timers;
      await wait(20);
      expect(timers.started).to.equal(started);
    });

    it('waits for longer than a timer of Node can', async () => {
      let runs = 0;
      const cancels = [2 ** 31, 2 ** 40, Infinity].map((milliseconds) =>
        clock.after(milliseconds, () => (runs += 1)),
      );
      await wait(20);
      for (const cancel of cancels) cancel();
      expect(runs).to.equal(0);
    });
  });
