import { expect } from 'chai';
import { isActionsError, type Caller } from '../../src/index.js';
import { currentCaller } from '../../src/hooks/context/caller.js';
import { openActions } from '../support/openActions.js';

const full: Required<Caller> = {
  instanceID: 'tenant-1',
  orgID: 'org-1',
  projectID: 'project-1',
  userID: 'user-1',
  requestID: 'request-1',
  fullMethod: '/a.B/C',
  depth: 2,
};

describe('runAs', () => {
  it('merges over the caller of the outer runAs, field by field', async () => {
    const { actions } = await openActions();
    actions.runAs(full, () => {
      expect(currentCaller()).to.deep.equal(full);
      actions.runAs({ userID: 'user-2', depth: undefined }, () => {
        expect(currentCaller()).to.deep.equal({ ...full, userID: 'user-2' });
      });
      actions.runAs({ depth: 0, orgID: '' }, () => {
        expect(currentCaller()).to.deep.equal({ ...full, depth: 0, orgID: '' });
      });
      expect(currentCaller()).to.deep.equal(full);
    });
    expect(currentCaller()).to.deep.equal({ depth: 0 });
  });

  it("returns the action's result, and stays after every await", async () => {
    const { actions } = await openActions();
    const userID = await actions.runAs({ userID: 'user-1' }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return currentCaller().userID;
    });
    expect(userID).to.equal('user-1');
    expect(() =>
      actions.runAs({}, () => {
        throw new RangeError('as it is');
      }),
    ).to.throw(RangeError);
  });

  const malformed: readonly unknown[] = [
    null,
    undefined,
    'user-1',
    [],
    { instanceID: '' },
    { instanceID: 'with space' },
    { instanceID: 'a'.repeat(201) },
    { userID: 1 },
    { orgID: null },
    { projectID: 'x'.repeat(1_001) },
    { depth: -1 },
    { depth: 1.5 },
    { depth: '1' },
    { unknown: 'field' },
  ];
  for (const caller of malformed)
    it(`refuses ${JSON.stringify({ caller }).slice(0, 50)}`, async () => {
      const { actions } = await openActions();
      let ran = false;
      expect(() =>
        actions.runAs(caller as Caller, () => {
          ran = true;
        }),
      )
        .to.throw()
        .satisfy((error: unknown) => isActionsError(error, 'INVALID_ARGUMENT'));
      expect(ran).to.equal(false);
    });
});
