import Database from 'better-sqlite3';
import { expect } from 'chai';
import fc from 'fast-check';
import { isActionsError } from '../../../src/errors.js';
import type { RecordedEvent } from '../../../src/ports.js';
import type { ConditionIndex } from '../../../src/routing/conditionIndex.js';
import { createMemoryIndex } from '../../../src/routing/memoryIndex.js';
import type { Dates } from '../../../src/routing/rows/dates.js';
import { heldBytes, holdsAtMost } from '../../support/memory.js';
import { createRecorder, executionSet, targetAdded } from '../../support/recordedEvents.js';
import { freshPath, nextTurn, open } from './openIndex.js';

/** The whole content of an index, in a fixed order. */
function contentOf(index: ConditionIndex) {
  const sorted = (rows: Iterable<readonly [string, unknown, Dates]>) =>
    [...rows]
      .map(([id, value, { created, changed }]) => ({ id, value, created, changed }))
      .sort(({ id: a }, { id: b }) => (a < b ? -1 : 1));
  const instance = index.instance('default');
  return {
    executions: sorted(instance.executions()),
    targets: sorted(instance.targets()),
    including: ['a', 'b', 'c'].map((id) => [...instance.includedBy(`event/${id}`)].sort()),
    position: index.position,
    frontier: index.frontier,
    failed: [...index.failedEvents].sort((a, b) => Number(a.position - b.position)),
  };
}

const stream = (id: string) => `actions.execution-default.event/${id}`;

/** A history of few aggregates: set, removed, added, changed, now and then malformed. */
const histories = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(7), fc.subarray(['t', '@event/a', '@event/b'])), {
    maxLength: 25,
  })
  .map((steps) => {
    const record = createRecorder();
    return steps.map(([id, step, entries]): RecordedEvent => {
      if (step < 3) return record(stream(id), 'execution.set', executionSet(...entries));
      if (step === 3) return record(stream(id), 'execution.removed', {});
      if (step === 4) return record(`actions.target-default.${id}`, 'target.added', targetAdded(id));
      if (step === 5)
        return record(`actions.target-default.${id}`, 'target.changed', { timeoutMs: entries.length });
      if (step === 6) return record(`actions.target-default.${id}`, 'target.removed', {});
      return record(stream(id), 'execution.set', { targets: 'malformed' });
    });
  });

describe('durable index', () => {
  it('stores no rows for instances that are only queried', async () => {
    const index = open().current;
    const ask = (from: number) => {
      for (let number = from; number < from + 20_000; number++)
        expect(index.instance(`${number} ${'i'.repeat(1_000)}`).entries('event')).to.equal(undefined);
    };
    ask(0);
    const before = heldBytes();
    ask(20_000);
    expect(await holdsAtMost(before + 5_000_000)).to.equal(true);
  });

  it('answers as the index in memory does, for any events in any interleaving', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(24), { maxLength: 10 }), (events, ahead) => {
        const memory = createMemoryIndex();
        const durable = open().current;
        for (const [place, event] of events.entries())
          for (const index of [memory, durable]) {
            // Now and then this process applies the stream ahead of the subscription, as a command that has read it
            // does.
            if (ahead.includes(place))
              for (const own of events.filter(({ stream: name }) => name === event.stream))
                index.apply(own, false);
            index.apply(event, true);
          }
        expect(contentOf(durable)).to.deep.equal(contentOf(memory));
      }),
      { numRuns: 60 },
    );
  });

  it('is there after a restart, with its checkpoint', () => {
    const path = freshPath();
    const record = createRecorder();
    const first = open(path);
    first.current.apply(record('actions.target-default.t', 'target.added', targetAdded('t')), true);
    first.current.apply(record(stream('a'), 'execution.set', executionSet('t', '@event/b')), true);
    first.current.reach(500n);
    const before = contentOf(first.current);
    first.close();
    expect(contentOf(open(path).current)).to.deep.equal(before);
    expect(before.position).to.equal(500n);
  });

  it('does not go back when a late process applies events that another process has applied', async () => {
    const path = freshPath();
    const record = createRecorder();
    const events = [
      record(stream('a'), 'execution.set', executionSet('t')),
      record(stream('a'), 'execution.removed', {}),
      record(stream('b'), 'execution.set', executionSet('t')),
    ];
    const [ahead, behind] = [open(path), open(path)];
    for (const event of events) ahead.current.apply(event, true);
    await nextTurn();
    for (const event of events) behind.current.apply(event, true);
    expect(contentOf(behind.current)).to.deep.equal(contentOf(ahead.current));
    expect(behind.current.instance('default').entries('event/a')).to.equal(undefined);
    expect(behind.current.sizes.executions).to.equal(1);
  });

  it('hands a target out as the same object until the target changes', () => {
    const record = createRecorder();
    const { current } = open();
    current.apply(record('actions.target-default.t', 'target.added', targetAdded('t')), true);
    const target = current.instance('default').target('t');
    expect(current.instance('default').target('t')).to.equal(target);
    current.apply(record('actions.target-default.t', 'target.changed', { timeoutMs: 5 }), true);
    expect(current.instance('default').target('t')).to.include({ timeoutMs: 5 }).and.not.equal(target);
    expect(target?.timeoutMs).to.equal(1_000);
  });

  describe('beside a shadow', () => {
    it('is replaced whole for every process, at once and never by a shadow that is behind', async () => {
      const path = freshPath();
      const record = createRecorder();
      const [builder, reader] = [open(path), open(path)];
      const first = record(stream('a'), 'execution.set', executionSet('old'));
      const second = record(stream('a'), 'execution.set', executionSet('new'));
      builder.current.apply(first, true);
      await nextTurn();
      const replaced = new Promise<void>((resolve) => reader.onReplaced(resolve));
      const shadow = builder.shadow();
      expect(shadow.adopt()).to.equal(false);
      shadow.index.apply(first, true);
      shadow.index.apply(second, true);
      expect(reader.current.instance('default').entries('event/a')).to.deep.equal(
        executionSet('old').targets,
      );
      expect(shadow.adopt()).to.equal(true);
      expect(reader.current.instance('default').entries('event/a')).to.deep.equal(
        executionSet('new').targets,
      );
      shadow.release();
      await replaced;
      expect(reader.current.sizes).to.deep.equal({ targets: 0, executions: 1 });
      expect(reader.current.position).to.equal(second.position);
    });

    it('has every event when it replaces the old index, however many events come after the shadow was saved', async () => {
      await fc.assert(
        fc.asyncProperty(histories, fc.nat(25), async (events, place) => {
          const memory = createMemoryIndex();
          const store = open();
          const shadow = store.shadow();
          for (const [n, event] of events.entries()) {
            if (n === place) await shadow.save();
            for (const index of [memory, shadow.index]) index.apply(event, true);
          }
          expect(shadow.adopt()).to.equal(true);
          shadow.release();
          expect(contentOf(store.current)).to.deep.equal(contentOf(memory));
        }),
        { numRuns: 40 },
      );
    });

    it('is built by one process at a time, whose name the other processes are told', () => {
      const path = freshPath();
      const [one, other] = [open(path), open(path)];
      const shadow = one.shadow();
      let error: unknown;
      try {
        other.shadow();
      } catch (thrown) {
        error = thrown;
      }
      expect(isActionsError(error, 'ALREADY_EXISTS')).to.equal(true);
      expect(String(error)).to.contain(`process ${process.pid}`);
      shadow.release();
      other.shadow().release();
    });

    it('takes over from a dead builder, and removes its leftover tables', async () => {
      const path = freshPath();
      const record = createRecorder();
      const store = open(path);
      const abandoned = store.shadow();
      abandoned.index.apply(record(stream('x'), 'execution.set', executionSet('t')), true);
      await nextTurn();
      const db = new Database(path);
      // The state that a killed process leaves: its lock is there, and no process has its number.
      db.prepare("UPDATE building SET process = 4194304, token = 'of another process'").run();
      const shadow = store.shadow();
      expect(shadow.index.sizes.executions).to.equal(0);
      expect(shadow.adopt()).to.equal(true);
      shadow.release();
      expect(db.prepare('SELECT count(*) FROM execution').pluck().get()).to.equal(0);
      expect(db.prepare('SELECT count(*) FROM generation').pluck().get()).to.equal(1);
      db.close();
      expect(() => abandoned.adopt())
        .to.throw()
        .with.property('detail')
        .that.contains('another process');
    });
  });
});
