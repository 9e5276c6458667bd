import { expect } from 'chai';
import { setTimeout as wait } from 'node:timers/promises';
import { backgroundClock, every, later, soon, systemClock } from '../../src/lib/clock.js';
import { closeAfterTest } from '../support/closings.js';

describe('a timer of the library', () => {
  it('turns an error of its action into a warning, and a repeating timer goes on', async () => {
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

/** The most waits of a millisecond for a timer. */
const most = 10_000;

/**
 * Until the end of the test, the monotonic time stands still until it is moved, and the timer that is started next
 * runs at once, as often as it is started again. Timers that other code of this process starts meanwhile are left
 * alone.
 */
function holdTime() {
  const { setTimeout, performance } = globalThis;
  const held = { startedTimers: 0, time: performance.now() };
  let own: (() => void) | undefined;
  closeAfterTest(() => {
    Object.assign(globalThis, { setTimeout });
    Reflect.deleteProperty(performance, 'now');
  });
  Object.assign(performance, { now: () => held.time });
  globalThis.setTimeout = ((...given: Parameters<typeof setTimeout>) => {
    const [action] = given;
    own ??= action;
    if (action !== own) return setTimeout(...given);
    held.startedTimers += 1;
    return setTimeout(action, 0);
  }) as typeof setTimeout;
  return held;
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
      const held = holdTime();
      let runs = 0;
      clock.after(1.5, () => (runs += 1));
      for (let looks = 0; held.startedTimers < 5 && looks < most; looks += 1) await wait(1);
      expect(runs).to.equal(0);
      held.time += 1.5;
      for (let looks = 0; runs === 0 && looks < most; looks += 1) await wait(1);
      expect(runs).to.equal(1);
    });

    it('cancels an action whose timer has run early', async () => {
      const held = holdTime();
      const cancel = clock.after(1.5, () => undefined);
      for (let looks = 0; held.startedTimers < 3 && looks < most; looks += 1) await wait(1);
      cancel();
      const { startedTimers } = held;
      await wait(20);
      expect(held.startedTimers).to.equal(startedTimers);
    });

    it('runs where a test sets the timers of Node forward, and no other time', async () => {
      holdTime();
      await timeOf(60_000);
    });

    it('waits for longer than a timer of Node can', async () => {
      let runs = 0;
      const warned: string[] = [];
      const hear = ({ name }: Error) => warned.push(name);
      process.on('warning', hear);
      closeAfterTest(() => process.off('warning', hear));
      const times = [2 ** 31, 2 ** 40, Infinity];
      const cancels = times.map((milliseconds) => clock.after(milliseconds, () => (runs += 1)));
      await wait(20);
      for (const cancel of cancels) cancel();
      expect({ runs, warned }).to.deep.equal({ runs: 0, warned: [] });
    });
  });
