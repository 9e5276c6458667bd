import { expect } from 'chai';
import { furtherTables } from '../../../src/cli/backtest/reporting/html/breakdowns.js';
import type { BacktestReport } from '../../../src/cli/backtest/tallying/backtestReport.js';

describe('the tables of a backtest page', () => {
  it('tell how many executions they leave out', () => {
    const further = (amount: number) => {
      const executions = Array.from({ length: amount }, (_, place) => ({ id: `event/a${place}`, events: 1 }));
      return furtherTables({ executions, failures: [], sent: false } as unknown as BacktestReport).html;
    };
    expect(further(51)).to.include('The first 50 of 51; the JSON report has them all.');
    expect(further(51).split('event/a')).to.have.length(51);
    expect(further(50)).not.to.include('The first');
  });
});
