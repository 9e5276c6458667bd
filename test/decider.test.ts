import { expect } from 'chai';
import { fold, type Decider } from '../src/decider.js';

type Counter = { readonly count: number; readonly seen: readonly string[] } | { readonly closed: true };
type CounterEvent = { readonly type: 'counted' | 'closed' | 'ignored' };

const counter: Decider<Counter, never, CounterEvent> = {
  initialState: () => ({ count: 0, seen: [] }),
  evolve(state, { type }) {
    if (type === 'closed') return { closed: true };
    if (type === 'ignored' || 'closed' in state) return undefined;
    state.count++;
    state.seen.push(type);
    return undefined;
  },
  decide: () => [],
};

describe('fold', () => {
  it('applies draft changes and replacements of the state in one batch', () => {
    expect(fold(counter, [{ type: 'counted' }, { type: 'ignored' }, { type: 'counted' }])).to.deep.equal({
      count: 2,
      seen: ['counted', 'counted'],
    });
    expect(fold(counter, [{ type: 'counted' }, { type: 'closed' }, { type: 'counted' }])).to.deep.equal({
      closed: true,
    });
  });

  it('continues from a state without changing the state, and returns the same state without events', () => {
    const before = fold(counter, [{ type: 'counted' }]);
    expect(fold(counter, [{ type: 'counted' }], before)).to.deep.equal({
      count: 2,
      seen: ['counted', 'counted'],
    });
    expect(before).to.deep.equal({ count: 1, seen: ['counted'] });
    expect(fold(counter, [], before)).to.equal(before);
  });

  it('gives the same state in batches as at once', () => {
    const events: CounterEvent[] = Array.from({ length: 50 }, () => ({ type: 'counted' }));
    const inBatches = fold(counter, events.slice(20), fold(counter, events.slice(0, 20)));
    expect(inBatches).to.deep.equal(fold(counter, events));
  });
});
