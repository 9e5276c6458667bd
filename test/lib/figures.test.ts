import { expect } from 'chai';
import { counted, timeLimit } from '../../src/lib/shown/figures.js';

describe('a figure in a message', () => {
  it('is a count with its noun', () => {
    expect([0, 1, 1n, 2].map((value) => counted(value, 'call'))).to.deep.equal([
      '0 calls',
      '1 call',
      '1 call',
      '2 calls',
    ]);
  });

  it('is a time limit in whole milliseconds, also where it is the rest of a budget', () => {
    expect([2_345, 6.283_185_055, 0.5, 0.123_456].map(timeLimit)).to.deep.equal([
      '2345 ms',
      '6 ms',
      '0.5 ms',
      '0.123 ms',
    ]);
  });
});
