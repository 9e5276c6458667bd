import { expect } from 'chai';
import type { JudgedCall, JudgedEvent } from '../../../src/cli/backtest/tallying/judgedEvent.js';
import { createTally } from '../../../src/cli/backtest/tallying/tally.js';
import type { RecordedEvent } from '../../../src/index.js';

const day = 86_400_000;
const verdicts = ['passed', 'amended', 'refused', 'failed'] as const;
const names = Array.from({ length: 500 }, (_, index) => `${index}${'n'.repeat(500)}`);

const eventAt = (index: number): RecordedEvent => ({
  id: `${index}`,
  stream: `order-${index}-${'s'.repeat(2_000)}`,
  type: `type ${index % 2_000} ${'t'.repeat(index % 3 === 0 ? 2_000 : 10)}`,
  data: {},
  metadata: {},
  version: BigInt(index),
  position: BigInt(index),
  created: new Date(((index * 7_919) % 40_000) * day),
});

function judgedAt(index: number): JudgedEvent {
  const verdict = verdicts[index % 4] ?? 'passed';
  const call: JudgedCall = {
    targetID: `target ${index % 1_000}`,
    name: `target ${index % 1_000}`,
    enforced: index % 2 === 0,
    verdict,
    durationMs: 10 ** ((index % 90) / 10 - 3),
    ...(verdict === 'failed' && { reason: 'status' }),
    ...(verdict === 'refused' && { message: 'm'.repeat(5_000) }),
    ...(verdict === 'amended' && { changed: { added: names, changed: names, removed: names } }),
  };
  const outcome = verdict === 'refused' ? 'vetoed' : verdict;
  return { executionID: `event/${index % 1_500}`, outcome, calls: [call] };
}

function tallied(count: number) {
  const tally = createTally(10);
  for (let index = 0; index < count; index++) {
    tally.read();
    tally.chosen(eventAt(index));
    tally.judged(eventAt(index), judgedAt(index));
    tally.skipped(eventAt(index), 'm'.repeat(5_000));
  }
  return tally.result();
}

const sum = <Row>(rows: readonly Row[], of: (row: Row) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

describe('the memory of a backtest', () => {
  it('is bounded for any number of types, targets, executions and times, and loses no count', () => {
    const count = 20_000;
    const { events, calls, types, targets, executions, overTime, latency, examples } = tallied(count);
    expect([types.length, targets.length, executions.length]).to.deep.equal([501, 201, 201]);
    expect(overTime.buckets).to.have.length.within(10, 120);
    expect(latency!.bins).to.have.length.below(81);
    for (const kind of ['refused', 'amended', 'failed', 'skipped'] as const)
      expect(examples[kind].map(({ position }) => Number(position))).to.have.length(10);

    expect([events.read, events.chosen, events.skipped]).to.deep.equal([count, count, count]);
    expect(sum(types, ({ chosen }) => chosen)).to.equal(count);
    expect(sum(targets, (row) => row.calls)).to.equal(count);
    expect(sum(executions, (row) => row.events)).to.equal(count);
    expect(latency!.calls).to.equal(count);
    expect(sum(latency!.bins, (bin) => bin.calls)).to.equal(count);
    for (const verdict of verdicts) {
      expect(calls[verdict]).to.equal(count / 4);
      expect(sum(targets, (row) => row[verdict])).to.equal(count / 4);
      const outcome = verdict === 'refused' ? 'vetoed' : verdict;
      expect(events[outcome]).to.equal(count / 4);
      expect(sum(types, (row) => row[outcome])).to.equal(count / 4);
      expect(sum(overTime.buckets, (bucket) => bucket[outcome])).to.equal(count / 4);
    }
  });

  it('takes no more room after ten times as many events', () => {
    const [few, many] = [5_000, 50_000].map((count) => JSON.stringify(tallied(count)).length);
    expect(many! / few!).to.be.below(1.2);
    expect(many!).to.be.below(600_000);
  });
});
