import { expect } from 'chai';
import fc from 'fast-check';
import { isActionsError } from '../../src/errors.js';
import type { ExecutionEntry } from '../../src/execution/execution.js';
import { assertIncludesAllowed } from '../../src/execution/includes.js';
import { resolve } from '../../src/execution/resolve.js';
import type { ActiveTarget } from '../../src/target/target.js';
import { executionSet } from '../support/recordedEvents.js';

type Graph = Readonly<Record<string, readonly string[]>>;

const listOf = (graph: Graph, id: string): readonly ExecutionEntry[] | undefined => {
  const entries = graph[id];
  return entries && (executionSet(...entries).targets as readonly ExecutionEntry[]);
};

const indexOf = (graph: Graph, gone: readonly string[] = []) => ({
  entries: (id: string) => listOf(graph, id),
  target: (id: string) => (gone.includes(id) ? undefined : ({ name: id } as ActiveTarget)),
});

const resolved = (graph: Graph, id: string, gone?: readonly string[]) =>
  resolve(indexOf(graph, gone), id, 1_000).targets.map(({ targetID }) => targetID);

/** Expands as the rule says, one branch at a time, without the code under test. */
function naive(graph: Graph, id: string, chain: readonly string[]): string[] {
  return (graph[id] ?? []).flatMap((entry) => {
    if (!entry.startsWith('@')) return [entry];
    const included = entry.slice(1);
    if (!(included in graph) || chain.includes(included) || chain.length >= 3) return [];
    return naive(graph, included, [...chain, included]);
  });
}

describe('resolving', () => {
  it('expands includes in place, and calls a target as often as it is reached', () => {
    const graph = { a: ['t1', '@b', 't2', '@c'], b: ['t3', '@c'], c: ['t4'] };
    expect(resolved(graph, 'a')).to.deep.equal(['t1', 't3', 't4', 't2', 't4']);
  });

  it('names the execution whose list names the target', () => {
    const { targets } = resolve(indexOf({ a: ['t1', '@b'], b: ['t2'] }), 'a', 1_000);
    expect(targets.map(({ executionID }) => executionID)).to.deep.equal(['a', 'b']);
  });

  it('skips removed entries and reports the entries', () => {
    const { targets, skipped } = resolve(indexOf({ a: ['gone', '@missing', 't1'] }, ['gone']), 'a', 1_000);
    expect(targets.map(({ targetID }) => targetID)).to.deep.equal(['t1']);
    expect(skipped.map(({ reason }) => reason)).to.deep.equal(['target-missing', 'execution-missing']);
  });

  it('cuts only the repeated or too deep branch', () => {
    const circle = resolve(indexOf({ a: ['@b', 't1'], b: ['t2', '@a'] }), 'a', 1_000);
    expect(circle.targets.map(({ targetID }) => targetID)).to.deep.equal(['t2', 't1']);
    expect(circle.skipped.map(({ reason }) => reason)).to.deep.equal(['circular']);
    const deep = resolve(indexOf({ a: ['@b'], b: ['@c'], c: ['@d', 't1'], d: ['t2'] }), 'a', 1_000);
    expect(deep.targets.map(({ targetID }) => targetID)).to.deep.equal(['t1']);
    expect(deep.skipped.map(({ reason }) => reason)).to.deep.equal(['too-deep']);
  });

  const ids = ['a', 'b', 'c', 'd', 'e'];
  const entry = fc.constantFrom('t1', 't2', '@a', '@b', '@c', '@d', '@e', '@gone');
  const graphs = fc.record(
    Object.fromEntries(ids.map((id) => [id, fc.uniqueArray(entry, { maxLength: 4 })])),
  );

  it('ends on any graph, and agrees with a naive expansion', () => {
    fc.assert(
      fc.property(graphs, fc.constantFrom(...ids), (graph, id) => {
        expect(resolved(graph, id)).to.deep.equal(naive(graph, id, [id]));
      }),
      { numRuns: 2_000 },
    );
  });

  /** Every chain of a graph, followed until it repeats or is longer than allowed. */
  function judgeNaively(graph: Graph): 'fine' | 'circular' | 'too-deep' | 'both' {
    const found = new Set<'circular' | 'too-deep'>();
    const walk = (id: string, chain: readonly string[]): void => {
      if (chain.includes(id)) return void found.add('circular');
      if (chain.length === 3) found.add('too-deep');
      for (const next of graph[id] ?? []) if (next.startsWith('@')) walk(next.slice(1), [...chain, id]);
    };
    for (const id of Object.keys(graph)) walk(id, []);
    return found.size === 2 ? 'both' : ([...found][0] ?? 'fine');
  }

  it('refuses a list exactly when the list makes a circle or a chain that is too long', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...ids), fc.uniqueArray(entry, { maxLength: 3 })), {
          maxLength: 12,
        }),
        (sets) => {
          let graph: Record<string, readonly string[]> = {};
          for (const [id, entries] of sets) {
            const next = { ...graph, [id]: entries };
            const expected = judgeNaively(next);
            const includedBy = (included: string) =>
              Object.keys(graph).filter((parent) => graph[parent]?.includes(`@${included}`));
            let error: unknown;
            try {
              assertIncludesAllowed(id, listOf(next, id) ?? [], (below) => listOf(graph, below), includedBy);
            } catch (thrown) {
              error = thrown;
            }
            if (expected === 'fine') expect(error).to.equal(undefined);
            else {
              refused++;
              const isExpected =
                (expected !== 'too-deep' && isActionsError(error, 'CIRCULAR_INCLUDE')) ||
                (expected !== 'circular' && isActionsError(error, 'MAX_INCLUDE_DEPTH'));
              expect(isExpected, `${expected}: ${String(error)}`).to.equal(true);
            }
            if (expected === 'fine') graph = next;
          }
        },
      ),
      { numRuns: 1_000 },
    );
    expect(refused).to.be.greaterThan(100);
  });
});
