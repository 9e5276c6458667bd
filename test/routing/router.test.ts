import { expect } from 'chai';
import { createMemoryIndex } from '../../src/routing/memoryIndex.js';
import { createRouter } from '../../src/routing/router.js';
import { createRecorder, executionSet, targetAdded } from '../support/recordedEvents.js';

function openRouter(lists: Readonly<Record<string, readonly string[]>>) {
  const record = createRecorder();
  const index = createMemoryIndex();
  let looks = 0;
  index.apply(record('actions.target-default.t', 'target.added', targetAdded('t')), true);
  for (const [id, entries] of Object.entries(lists))
    index.apply(record(`actions.execution-default.${id}`, 'execution.set', executionSet(...entries)), true);
  const router = createRouter(
    {
      generation: 1,
      instance: (id) => {
        looks++;
        return index.instance(id);
      },
    },
    1_000,
  );
  return { router, looks: () => looks };
}

describe('router', () => {
  it('shares one resolution between all names that lead to one execution', () => {
    const { router, looks } = openRouter({ event: ['t'] });
    const matches = Array.from({ length: 500 }, (_, n) => router.route('default', 'event', `order.e${n}`));
    expect(new Set(matches).size).to.equal(1);
    expect(looks()).to.equal(500);
    router.route('default', 'event', 'order.e7');
    expect(looks()).to.equal(500);
  });

  it('does not cache names of a megabyte, and drops cached names when too many instances were asked for', () => {
    const { router, looks } = openRouter({ event: ['t'] });
    const long = 'x'.repeat(1_000_000);
    for (let n = 0; n < 3; n++) expect(router.route('default', 'event', long)?.winner).to.equal('event');
    expect(looks()).to.equal(3);
    router.route('default', 'event', 'a');
    for (let n = 0; n < 60_000; n++) router.route(`i${n}`, 'event', 'a');
    const before = looks();
    router.route('default', 'event', 'a');
    expect(looks()).to.equal(before + 1);
  });

  it('resolves a list that concurrent writes made too long up to the limit, and reports the cut', () => {
    const lists: Record<string, string[]> = { event: [] };
    for (let outer = 0; outer < 100; outer++) {
      lists[`event/o${outer}`] = [];
      lists['event']?.push(`@event/o${outer}`);
      for (let inner = 0; inner < 100; inner++) lists[`event/o${outer}`]?.push(`@event/i${inner}`);
    }
    for (let inner = 0; inner < 100; inner++)
      lists[`event/i${inner}`] = Array.from({ length: 100 }, () => 't');
    const { router } = openRouter(lists);
    const found = router.route('default', 'event', 'a');
    expect(found?.targets).to.have.length(1_000);
    expect(found?.skipped.length).to.be.below(10_000);
    expect(router.cutIncludes).to.be.above(0);
  });

  it('reports the cut of a circle that leaves its executions without a target', () => {
    const { router } = openRouter({ 'event/p.*': ['@event/q.*'], 'event/q.*': ['@event/p.*'] });
    expect(router.route('default', 'event', 'p.x')).to.equal(undefined);
    expect(router.cutIncludes).to.equal(1);
    router.route('default', 'event', 'p.y');
    expect(router.cutIncludes).to.equal(1);
  });
});
