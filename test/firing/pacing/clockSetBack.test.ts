import { expect } from 'chai';
import { createBreakers } from '../../../src/firing/pacing/breakers.js';

const hourMs = 3_600_000;

describe('a time of day that is set back by an hour', () => {
  it('keeps no circuit open for that hour', () => {
    let elapsed = 1_000;
    let wall = 10 * hourMs;
    const breakers = createBreakers({
      breaker: { failures: 1, openMs: 30_000 },
      clock: { elapsed: () => elapsed, now: () => wall } as never,
      isTarget: () => true,
    });
    const resolved = { targetID: 't', target: { endpoint: 'https://policy.example/' } } as never;
    breakers.admit('default', resolved)?.({ status: 500 } as never);
    expect(breakers.notClosed.map(({ state }) => state)).to.deep.equal(['open']);
    wall -= hourMs;
    elapsed += 29_999;
    expect(breakers.isOpen('default', resolved)).to.equal(true);
    elapsed += 2;
    expect(breakers.isOpen('default', resolved)).to.equal(false);
    expect(breakers.admit('default', resolved)).to.be.a('function');
  });
});
