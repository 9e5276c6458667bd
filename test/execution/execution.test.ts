import { expect } from 'chai';
import {
  execution,
  executionStream,
  parseExecutionEvent,
  type ExecutionEntry,
} from '../../src/execution/execution.js';
import { deciderSpec } from '../../src/testing/deciderSpec.js';

const target = (id: string): ExecutionEntry => ({ type: 'target', target: id });
const include = (id: string): ExecutionEntry => ({ type: 'include', include: id });
const set = (...targets: ExecutionEntry[]) => ({ type: 'execution.set' as const, data: { targets } });
const removed = { type: 'execution.removed' as const, data: {} };

describe('execution', () => {
  const { given } = deciderSpec(execution);

  it('is set to a list, and replaced whole', () => {
    given()
      .when({ type: 'set', targets: [target('a'), include('event')] })
      .then(set(target('a'), include('event')));
    given(set(target('a')))
      .when({ type: 'set', targets: [target('b')] })
      .then(set(target('b')));
  });

  it('changes nothing when the list is the same, and tells order and kind apart', () => {
    given(set(target('a'), target('b')))
      .when({ type: 'set', targets: [target('a'), target('b')] })
      .thenNothing();
    given(set(target('a'), target('b')))
      .when({ type: 'set', targets: [target('b'), target('a')] })
      .then(set(target('b'), target('a')));
    given(set(target('event')))
      .when({ type: 'set', targets: [include('event')] })
      .then(set(include('event')));
    given(set(target('a'), target('b')))
      .when({ type: 'set', targets: [target('a')] })
      .then(set(target('a')));
  });

  it('exists from its first set, even with an empty list, until it is removed', () => {
    given().when({ type: 'set', targets: [] }).then(set());
    given(set()).when({ type: 'set', targets: [] }).thenNothing();
    given(set(), removed).when({ type: 'set', targets: [] }).then(set());
  });

  it('is removed once; removing an execution that does not exist changes nothing', () => {
    given(set(target('a')))
      .when({ type: 'remove' })
      .then(removed);
    given().when({ type: 'remove' }).thenNothing();
    given(set(), removed).when({ type: 'remove' }).thenNothing();
  });

  it('reads stored events leniently', () => {
    expect(
      parseExecutionEvent('execution.set', { targets: [{ ...target('a'), note: 'x' }], by: 'me' })?.data,
    ).to.deep.equal({
      targets: [{ type: 'target', target: 'a', note: 'x' }],
      by: 'me',
    });
    expect(parseExecutionEvent('execution.archived', {})).to.equal(undefined);
    expect(() => parseExecutionEvent('execution.set', { targets: [{ type: 'other' }] })).to.throw();
  });

  it('lives in a stream of its own', () => {
    expect(executionStream('default', 'event/order.*')).to.equal('actions.execution-default.event/order.*');
  });
});
