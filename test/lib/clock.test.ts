import { expect } from 'chai';
import { every, later, soon } from '../../src/lib/clock.js';

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
