import { expect } from 'chai';
import { changedFields } from '../../../src/cli/backtest/tallying/changedFields.js';
import { storeWithoutSecrets } from '../../../src/cli/session/withoutSecrets.js';
import { createTimeBuckets } from '../../../src/cli/backtest/tallying/timeBuckets.js';
import { createOrderedWork } from '../../../src/cli/backtest/orderedWork.js';

describe('a backtest', () => {
  it('names the fields that an answer changes, and none where the answer repeats the sent content', () => {
    expect(changedFields({ a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 1 })).to.equal(undefined);
    expect(changedFields({ a: 1, b: 2 }, { b: 3, c: 4 })).to.deep.equal({
      added: ['c'],
      changed: ['b'],
      removed: ['a'],
    });
    expect(changedFields([1], [2])).to.deep.equal({ added: [], changed: ['(all)'], removed: [] });
  });

  it('keeps no more buckets than asked for, and loses no event, at any times', () => {
    const buckets = createTimeBuckets(['passed'] as const, 20);
    const times = Array.from({ length: 1_000 }, (_, index) => ((index * 7_919) % 1_000) * 3_600_000);
    for (const time of times) buckets.add(time, 'passed');
    const all = buckets.all();
    expect(all.length).to.be.within(2, 20);
    expect(all.reduce((sum, { counts }) => sum + counts.passed, 0)).to.equal(1_000);
  });

  it('runs at most the allowed number of events at once, and the events of a stream in order', async () => {
    const turns = createOrderedWork(3);
    const done: string[] = [];
    let running = 0;
    let most = 0;
    for (let index = 0; index < 30; index++)
      await turns.start(`stream ${index % 2}`, async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        done.push(`${index % 2} ${index}`);
      });
    await turns.finished();
    expect(most).to.be.within(1, 3);
    for (const stream of ['0 ', '1 ']) {
      const order = done.filter((each) => each.startsWith(stream)).map((each) => Number(each.slice(2)));
      expect(order)
        .to.deep.equal([...order].sort((one, other) => one - other))
        .and.have.length(15);
    }
  });

  it('shows no credentials of a connection string', () => {
    expect(storeWithoutSecrets('esdb://admin:p@ss@localhost:2113?tls=false')).to.equal(
      'esdb://localhost:2113',
    );
    expect(storeWithoutSecrets('sqlite:./events.db')).to.equal('sqlite:./events.db');
  });
});
