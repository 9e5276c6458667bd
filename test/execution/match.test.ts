import { expect } from 'chai';
import fc from 'fast-check';
import { candidates, occurrenceName, type Occurrence } from '../../src/execution/condition.js';
import type { InstanceIndex } from '../../src/routing/conditionIndex.js';
import { createMemoryIndex } from '../../src/routing/memoryIndex.js';
import { match, matchOf, type Lists } from '../../src/execution/resolve.js';
import { createRecorder, executionSet, targetAdded } from '../support/recordedEvents.js';
import matching from '../vectors/matching.json' with { type: 'json' };

function indexOf(executions: Readonly<Record<string, readonly string[]>>): InstanceIndex {
  const record = createRecorder();
  const index = createMemoryIndex();
  for (const id of new Set(Object.values(executions).flat()))
    index.apply(record(`actions.target-default.${id}`, 'target.added', targetAdded(id)), true);
  for (const [id, targets] of Object.entries(executions))
    index.apply(record(`actions.execution-default.${id}`, 'execution.set', executionSet(...targets)), true);
  return index.instance('default');
}

const matchIn = (index: Lists, ids: readonly string[]) => match(ids, (id) => matchOf(index, id, 1_000));

const candidatesOf = (occurrence: Occurrence) => {
  const { kind, name } = occurrenceName(occurrence);
  return candidates(kind, name);
};

/** The documented rule, written naively: judge every execution alone, then take the most specific one. */
function oracle(executions: Readonly<Record<string, readonly string[]>>, event: string): string | undefined {
  const names = event.split('.');
  const specificity = (id: string): number => {
    if (id === 'event') return 1;
    if (id === `event/${event}` && !event.endsWith('.*')) return 1_000;
    if (!id.endsWith('.*')) return 0;
    const group = id.slice('event/'.length, -'.*'.length).split('.');
    const isPrefix = group.length < names.length && group.every((part, place) => part === names[place]);
    return isPrefix ? 1 + group.length : 0;
  };
  return Object.entries(executions)
    .filter(([id, targets]) => targets.length > 0 && specificity(id) > 0)
    .sort(([left], [right]) => specificity(right) - specificity(left))[0]?.[0];
}

describe('matching', () => {
  for (const { executions, winner, targets, why: _why, ...occurrence } of matching.cases as readonly {
    executions: Record<string, string[]>;
    winner: string | null;
    targets: string[];
    why?: string;
  }[])
    it(`${JSON.stringify(occurrence)} with ${Object.keys(executions).join(', ')} is met by ${winner}`, () => {
      const found = matchIn(indexOf(executions), candidatesOf(occurrence as unknown as Occurrence));
      expect(found?.winner ?? null).to.equal(winner);
      expect(found?.targets.map(({ targetID }) => targetID) ?? []).to.deep.equal(targets);
    });

  it('agrees with a naive reading of the rule', () => {
    const part = fc.constantFrom('a', 'b', 'ab', 'a-b', '*');
    const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    const id = fc.oneof(
      fc.constant('event'),
      name.filter((text) => !text.endsWith('.*')).map((text) => `event/${text}`),
      name.map((text) => `event/${text}.*`),
    );
    const executions = fc.dictionary(id, fc.subarray(['t1', 't2']), { maxKeys: 8 });
    fc.assert(
      fc.property(executions, name, (given, event) => {
        const found = matchIn(indexOf(given), candidates('event', event));
        expect(found?.winner).to.equal(oracle(given, event));
        expect(found?.targets.map(({ targetID }) => targetID)).to.deep.equal(found && given[found.winner]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('costs the same number of probes however many executions there are', () => {
    const probesAmong = (count: number): number => {
      const executions = Object.fromEntries(
        Array.from({ length: count }, (_, n) => [`event/other${n}.*`, ['t']]),
      );
      const index = indexOf(executions);
      let probes = 0;
      const counting = {
        entries: (id: string) => {
          probes++;
          return index.entries(id);
        },
        target: index.target,
      };
      matchIn(counting, candidates('event', 'order.line.added'));
      return probes;
    };
    expect(probesAmong(10)).to.equal(4);
    expect(probesAmong(20_000)).to.equal(4);
  });
});
