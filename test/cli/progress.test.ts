import { expect } from 'chai';
import { EventEmitter } from 'node:events';
import { createProgress } from '../../src/cli/shell/progress.js';

function openProgress(isTTY: boolean, silent = false) {
  let time = 0;
  const written: string[] = [];
  const stderr = Object.assign(new EventEmitter(), { isTTY, write: (text: string) => written.push(text) });
  const progress = createProgress({ stderr }, { unit: 'events', silent, now: () => time });
  /** Tells every 50 ms, `rounds` times, as an even stream of 1 000 events a second over 4 s would. */
  const work = (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      time += 50;
      progress.tell({ count: time, share: time / 4_000 });
    }
  };
  return { progress, written, work };
}

describe('progress', () => {
  it('prints a plain line each second without a terminal', () => {
    const { progress, written, work } = openProgress(false);
    work(79);
    progress.end(true);
    expect(written).to.deep.equal([
      '25 %, 1,000 events, 1,000/s, 3 s left\n',
      '50 %, 2,000 events, 1,000/s, 2 s left\n',
      '75 %, 3,000 events, 1,000/s, 1 s left\n',
      '100 %, 3,950 events, 1,000/s\n',
    ]);
  });

  it('redraws its bar in a terminal at most ten times a second', () => {
    const { progress, written, work } = openProgress(true);
    work(40);
    progress.end(true);
    expect(written).to.have.length.within(20, 23);
    const drawn = written[10]!;
    expect(drawn.slice(0, 5)).to.equal('\r\u001b[2K');
    expect(drawn.slice(5)).to.match(/^\[#+\.+\] \d+ %, [\d,]+ events, 1,000\/s, \d s left$/);
    expect(written.at(-1)).to.equal('\n');
  });

  it('does not show an interrupted run as done', () => {
    const { progress, written, work } = openProgress(false);
    work(39);
    progress.end(false);
    expect(written.at(-1)).to.equal('48 %, 1,950 events, 1,000/s, 3 s left\n');
  });

  it('prints nothing when a script asks for JSON', () => {
    const { progress, written, work } = openProgress(true, true);
    work(40);
    progress.end(true);
    expect(written).to.deep.equal([]);
  });
});
