import { expect } from 'chai';
import { hookOf } from '../../src/hooks/hookOf.js';
import { openActions } from '../support/openActions.js';

describe('the hooks of an actions object', () => {
  it('are not among the names of its members, and are in a copy of the object', async () => {
    const { actions } = await openActions();
    expect(Object.keys(actions).filter((name) => /hooks/i.test(name))).to.deep.equal([]);
    const copy = { ...actions };
    expect(hookOf(copy)).to.equal(hookOf(actions));
  });

  it('are found by another copy of the package under the symbol of the registry', async () => {
    const { actions } = await openActions();
    const found: unknown = Reflect.get(actions, Symbol.for('eventstore-actions.hooks'));
    expect(found).to.include({ version: 1, append: hookOf(actions) });
  });
});
