import { expect } from 'chai';
import { createMemoryRows } from '../../src/routing/memoryRows.js';
import { indexedAggregates, reduceEvent } from '../../src/routing/rows/reduceEvent.js';
import { createRecorder, targetAdded } from '../support/recordedEvents.js';

const stream = 'actions.target-default.t';

describe('the reducer of the index', () => {
  it('keeps a matched target for an operation under way, also when evolve changes its draft', () => {
    const { target } = indexedAggregates;
    const mutating = {
      ...indexedAggregates,
      target: {
        ...target,
        decider: {
          ...target.decider,
          evolve: (...[state, event]: Parameters<typeof target.decider.evolve>) => {
            if (state.status !== 'active' || event.type !== 'target.changed')
              return target.decider.evolve(state, event);
            state.headers['x-changed'] = { algorithm: 'plaintext', value: 'now' };
          },
        },
      },
    };
    const record = createRecorder();
    const rows = createMemoryRows();
    const apply = (type: string, data: object) =>
      reduceEvent(rows, { event: record(stream, type, data), delivered: true }, mutating);
    apply('target.added', targetAdded('x'));
    const matched = rows.instance('default').target('t');
    expect(apply('target.changed', { timeoutMs: 5 })).to.equal(undefined);
    expect(matched?.headers).to.deep.equal({});
    expect(rows.instance('default').target('t')?.headers).to.have.property('x-changed');
    expect(Object.isFrozen(matched?.headers), 'a state cannot be changed outside produce').to.equal(true);
  });

  it('forgets an instance whose last aggregate is gone', () => {
    const record = createRecorder();
    const rows = createMemoryRows();
    for (let n = 0; n < 100; n++)
      for (const type of ['target.added', 'target.removed'])
        reduceEvent(rows, {
          event: record(`actions.target-i${n}.t`, type, type === 'target.added' ? targetAdded('x') : {}),
          delivered: true,
        });
    expect([...rows.instanceIDs()]).to.deep.equal([]);
  });
});
