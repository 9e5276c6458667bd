import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import type { BacktestReport } from '../../../../src/cli/backtest/tallying/backtestReport.js';
import { runHere } from '../runHere.js';
import { openPlace } from '../stores.js';
import { appendOrders, countedBy, servePolicy } from './orders.js';
import { numberOf, pageTables } from './pageTables.js';

const name = (cell: string | undefined) => cell ?? '';
const numbers = (cells: readonly string[]) => cells.map(numberOf);

/** The page shows three digits of a time. */
const expectTime = (cell: string | undefined, milliseconds: number | undefined) => {
  const [value, unit] = (cell ?? '').split(' ');
  const shown = Number(value) * (unit === 's' ? 1_000 : 1);
  expect(shown, cell).to.be.closeTo(milliseconds!, milliseconds! / 100);
};

describe('the page of a backtest', () => {
  it('has the figures of the JSON report and of the endpoint in its tables', async () => {
    const place = await openPlace('SQLite');
    const { server } = await servePolicy(place);
    await appendOrders(place, 2_000);
    const html = place.file('report.html');
    const run = await runHere(['backtest', '--send', '--json', '--html', html], place.env);
    const report = JSON.parse(run.stdout) as BacktestReport;
    const tables = pageTables(readFileSync(html, 'utf8'));
    const counted = countedBy(server.received);
    expect(counted.total).to.equal(2_000);

    expect(tables['Events by type']!.map(([type, ...rest]) => [type, ...numbers(rest)])).to.deep.equal(
      report.types.map((row) => [
        row.type,
        row.chosen,
        row.notCalled,
        row.passed,
        row.amended,
        row.vetoed,
        row.failed,
      ]),
    );
    const [target, ...others] = tables['Calls by target']!;
    expect(others).to.deep.equal([]);
    expect(name(target![0])).to.equal(`order policy${report.targets[0]!.id}`);
    expect(numbers(target!.slice(1, 7))).to.deep.equal([
      counted.total,
      0,
      counted.passed,
      counted.amended,
      counted.refused,
      counted.failed,
    ]);
    expectTime(target![7], report.targets[0]!.p50);
    expectTime(target![8], report.targets[0]!.p99);

    expect(tables['Events by the execution that won']).to.deep.equal([['event/order.*', '2,000']]);
    expect(tables['Failed calls by reason']).to.deep.equal([['status', String(counted.failed)]]);

    const overTime = tables['Events over time']!.map(([from, ...rest]) => [from, ...numbers(rest)]);
    expect(overTime).to.deep.equal(
      report.overTime.buckets.map(({ from, passed, amended, vetoed, failed }) => [
        `${from.slice(0, 19).replace('T', ' ')} UTC`,
        passed,
        amended,
        vetoed,
        failed,
      ]),
    );
    const bins = tables['Answered calls by time']!;
    expect(bins.map(([, , calls]) => numberOf(calls))).to.deep.equal(
      report.latency!.bins.map(({ calls }) => calls),
    );
    bins.forEach(([from], index) => expectTime(from, report.latency!.bins[index]!.fromMs));

    for (const [caption, kind] of [
      ['Vetoes', 'refused'],
      ['Amendments', 'amended'],
      ['Failures', 'failed'],
    ] as const)
      expect(tables[caption]!.map((cells) => [cells[0], cells[1], cells[2]])).to.deep.equal(
        report.examples[kind].map(({ stream, version, type }) => [stream, version, type]),
      );
  });
});
