import { expect } from 'chai';
import { forestOf, moreGeneral } from '../../src/console/api/shown/forest.js';
import { conditionOf, executionID, type ExecutionView } from '../../src/index.js';

describe('the forest of executions', () => {
  const view = (id: string, calls: readonly string[] = ['t']): ExecutionView => ({
    id,
    condition: conditionOf(id),
    targets: [...calls],
    calls,
    created: new Date(0),
    changed: new Date(0),
    revision: '0',
  });

  it('puts each execution directly below the nearest existing more general execution', () => {
    const ids = ['event', 'event/a.*', 'event/a.b.c.*', 'event/a.b.c.d', 'function/a.b', 'response/s.S/M'];
    const parents = [...forestOf(ids.map((id) => view(id))).values()].map(({ parent }) => parent);
    expect(parents).to.deep.equal([undefined, 'event', 'event/a.*', 'event/a.b.c.*', undefined, undefined]);
  });

  it('orders executions as the routing does', () => {
    expect(moreGeneral('event/a.b.*')).to.deep.equal(['event/a.*', 'event']);
    expect(moreGeneral('event/a')).to.deep.equal(['event']);
    expect(moreGeneral('request/s.S')).to.deep.equal(['request']);
    expect(moreGeneral('response/s.S/M')).to.deep.equal(['response/s.S', 'response']);
    expect(moreGeneral(executionID({ function: { name: 'a/b.c' } }))).to.deep.equal([]);
  });

  it('is built in time linear in the number of executions', () => {
    const reads = { count: 0 };
    const many = (size: number) =>
      Array.from({ length: size }, (_, place) => {
        const made = view(`event/group${place % 100}.item${place}`);
        return Object.defineProperty({ ...made }, 'id', {
          get() {
            reads.count += 1;
            return made.id;
          },
          enumerable: true,
        });
      });
    forestOf(many(1_000));
    const small = reads.count;
    reads.count = 0;
    forestOf(many(10_000));
    expect(reads.count).to.be.at.most(12 * small);
  });
});
