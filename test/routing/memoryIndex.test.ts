import { expect } from 'chai';
import { createMemoryIndex } from '../../src/routing/memoryIndex.js';
import { createRecorder, executionSet, targetAdded } from '../support/recordedEvents.js';

const stream = 'actions.execution-default.event';

describe('condition index', () => {
  it('applies each event once, from either source', () => {
    const record = createRecorder();
    const events = [
      record(stream, 'execution.set', executionSet('a')),
      record(stream, 'execution.removed', {}),
      record(stream, 'execution.set', executionSet('b')),
    ];
    const index = createMemoryIndex();
    for (const event of events) index.apply(event, false);
    for (const event of events) index.apply(event, true);
    expect(index.instance('default').entries('event')).to.deep.equal([{ type: 'target', target: 'b' }]);
  });

  it('does not restore an entry that a newer event, applied ahead, has removed; and then forgets the removal', () => {
    const record = createRecorder();
    const set = record(stream, 'execution.set', executionSet('a'));
    const removed = record(stream, 'execution.removed', {});
    const index = createMemoryIndex();
    for (const event of [set, removed]) index.apply(event, false);
    index.apply(set, true);
    expect(index.instance('default').entries('event')).to.equal(undefined);
    expect(index.sizes.executions).to.equal(1);
    index.apply(removed, true);
    expect(index.sizes.executions).to.equal(0);
  });

  it('knows the executions that include an execution now', () => {
    const record = createRecorder();
    const index = createMemoryIndex();
    const set = (id: string, ...entries: string[]) => {
      index.apply(record(`actions.execution-default.${id}`, 'execution.set', executionSet(...entries)), true);
    };
    set('event/a', '@event');
    set('event/b', '@event', '@event/a');
    expect([...index.instance('default').includedBy('event')]).to.have.members(['event/a', 'event/b']);
    set('event/a', 't');
    expect([...index.instance('default').includedBy('event')]).to.deep.equal(['event/b']);
    index.apply(record('actions.execution-default.event/b', 'execution.removed', {}), true);
    expect([...index.instance('default').includedBy('event')]).to.deep.equal([]);
  });

  it('keeps instances apart, with any dots in the ids of aggregates', () => {
    const record = createRecorder();
    const index = createMemoryIndex();
    index.apply(record('actions.target-one.a.b', 'target.added', targetAdded('x')), true);
    index.apply(record('actions.target-two.a.b', 'target.added', targetAdded('y')), true);
    expect(index.instance('one').target('a.b')?.name).to.equal('x');
    expect(index.instance('two').target('a.b')?.name).to.equal('y');
    expect(index.instance('three').target('a.b')).to.equal(undefined);
  });

  it('keeps a matched target for an operation under way', () => {
    const record = createRecorder();
    const index = createMemoryIndex();
    index.apply(record('actions.target-default.t', 'target.added', targetAdded('x')), true);
    const matched = index.instance('default').target('t');
    index.apply(record('actions.target-default.t', 'target.changed', { timeoutMs: 5 }), true);
    expect(matched?.timeoutMs).to.equal(1_000);
    expect(index.instance('default').target('t')?.timeoutMs).to.equal(5);
  });

  it('records a malformed event as failed, once, and stays unchanged', () => {
    const record = createRecorder();
    const index = createMemoryIndex();
    index.apply(record(stream, 'execution.set', executionSet('a')), true);
    const malformed = record(stream, 'execution.set', { targets: 'none' });
    index.apply(malformed, false);
    index.apply(malformed, true);
    expect(index.failedEvents.map(({ version, reason }) => [version, reason])).to.deep.equal([
      [1n, 'targets: invalid_type'],
    ]);
    expect(index.instance('default').entries('event')).to.have.length(1);
  });

  it('says how far the index is known, and how far ahead the process wrote', () => {
    const record = createRecorder();
    const index = createMemoryIndex();
    const [first, second] = [
      record(stream, 'execution.set', executionSet('a')),
      record(stream, 'execution.removed', {}),
    ];
    index.apply(second, false);
    expect([index.position, index.frontier]).to.deep.equal([undefined, second.position]);
    index.apply(first, true);
    expect([index.position, index.frontier]).to.deep.equal([first.position, second.position]);
    index.reach(100n);
    expect([index.position, index.frontier]).to.deep.equal([100n, 100n]);
  });

  it('ignores other streams and types', () => {
    const record = createRecorder();
    const index = createMemoryIndex();
    index.apply(record('order-1', 'target.added', targetAdded('x')), true);
    index.apply(record('actions.targetName-default.abc', 'targetName.reserved', { target: 't' }), true);
    index.apply(record('actions.target-nodot', 'target.added', targetAdded('x')), true);
    index.apply(record(stream, 'execution.archived', {}), true);
    expect(index.sizes).to.deep.equal({ targets: 0, executions: 0 });
  });
});
