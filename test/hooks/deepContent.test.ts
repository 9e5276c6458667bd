import { expect } from 'chai';
import { isActionsError, type JSONValue } from '../../src/index.js';
import { openActions, rejection } from '../support/openActions.js';

const deep = (levels: number): JSONValue => {
  let value: JSONValue = 0;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
};

const levels = [65, 3_000, 100_000];

describe('content that is deeper than an answer may be', () => {
  for (const count of levels)
    it(`is an error of each target that it should be sent to: ${count} levels`, async () => {
      const { actions, call } = await openActions();
      const [target] = await call({ request: { all: true } }, { interruptOnError: true });
      const error = await rejection(actions.request('/a.B/C', { list: deep(count - 1) }));
      expect(isActionsError(error, 'TARGET_INTERRUPTED') && error.targetID).to.equal(target?.id);
      expect(target?.server.received).to.have.length(0);
    });

  for (const count of levels)
    it(`is appended unchanged when the error does not interrupt: ${count} levels`, async () => {
      const { actions, call, reports } = await openActions();
      const [target] = await call({ request: { all: true } }, {});
      const content = { list: deep(count - 1) };
      const result = await actions.request('/a.B/C', content);
      expect(result).to.equal(content);
      expect(target?.server.received).to.have.length(0);
      expect(reports.map(({ reason }) => reason)).to.deep.equal(['content-invalid']);
    });

  it('of 64 levels is sent', async () => {
    const { actions, call } = await openActions();
    const [target] = await call({ request: { all: true } }, { interruptOnError: true });
    await actions.request('/a.B/C', { list: deep(63) });
    expect(target?.server.received).to.have.length(1);
  });
});
