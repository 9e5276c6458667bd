import { expect } from 'chai';
import type { BacktestReport } from '../../../../src/cli/backtest/tallying/backtestReport.js';
import { runHere } from '../runHere.js';
import { openPlace } from '../stores.js';
import { appendOrders, countedBy, servePolicy } from './orders.js';

describe('backtest of a target that is observed', () => {
  it('counts the answers, and lets the target change no event unless with --enforce or by name', async () => {
    const place = await openPlace('SQLite');
    const { server } = await servePolicy(place);
    await appendOrders(place, 200);
    await runHere(['targets', 'change', 'order policy', '--enforcement', 'observe'], place.env);
    const backtest = async (...options: readonly string[]) => {
      const from = server.received.length;
      const run = await runHere(['backtest', '--type', 'order.*', '--send', '--json', ...options], place.env);
      expect(run.status).to.equal(0);
      return {
        report: JSON.parse(run.stdout) as BacktestReport,
        counted: countedBy(server.received.slice(from)),
      };
    };

    const observed = await backtest();
    const { total, passed, amended, refused, failed } = observed.counted;
    expect([total, refused > 0, amended > 0, failed > 0]).to.deep.equal([200, true, true, true]);
    expect(observed.report.enforced).to.equal(false);
    expect(observed.report.calls).to.include({ total, observed: total, passed, amended, refused, failed });
    expect(observed.report.events).to.include({ passed: total, amended: 0, vetoed: 0, failed: 0 });
    expect(observed.report.targets[0]).to.include({ calls: total, observed: total, refused });
    expect(observed.report.examples.refused[0]).to.include({ enforced: false });
    const shown = await runHere(['backtest', '--send'], place.env);
    expect(shown.stdout).to.include('200 calls went to observed targets');

    for (const options of [['--enforce'], ['order policy']]) {
      const { report, counted } = await backtest(...options);
      expect(counted).to.deep.equal(observed.counted);
      expect(report.enforced).to.equal(true);
      expect(report.calls).to.include({ total, observed: 0, passed, amended, refused, failed });
      expect(report.events).to.include({ passed, amended, vetoed: refused, failed });
    }
  });
});
