import { expect } from 'chai';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { BacktestReport } from '../../../../src/cli/backtest/tallying/backtestReport.js';
import { startProgram, useProgram } from '../program.js';
import { openPlace } from '../stores.js';
import { appendOrders, countedBy, policy, servePolicy, withStore } from './orders.js';

const answered = 19;

/** Interrupts the program by a signal once the endpoint has answered some calls and holds the next one. */
async function interrupted(parameters: readonly string[]) {
  const place = await openPlace('SQLite');
  const { server } = await servePolicy(place);
  await appendOrders(place, 200);
  const head = () => withStore(place, async (store) => store.head?.());
  const before = await head();
  const html = place.file('report.html');
  const child = startProgram(['backtest', '--send', '--html', html, ...parameters], { env: place.env });
  const closed = once(child, 'close') as Promise<[number | null]>;
  child.stdin!.end();
  server.answer((call) => {
    if (server.received.length <= answered) return policy(call);
    child.kill('SIGINT');
    return undefined;
  });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout!), text(child.stderr!), closed]);
  expect(await head(), 'nothing is appended').to.equal(before);
  return { status, stdout, stderr, server, page: readFileSync(html, 'utf8') };
}

describe('backtest, interrupted', () => {
  useProgram();

  it('reports the events rehearsed by then, and counts the interrupted ones as interrupted only', async () => {
    const { status, stdout, stderr, server, page } = await interrupted(['--json']);
    expect([status, stderr]).to.deep.equal([130, '']);
    const { ended, events, calls, failures } = JSON.parse(stdout) as BacktestReport;
    expect(ended).to.deep.equal({ kind: 'interrupted' });
    // The first stream has more events than that, and its events are rehearsed one after another.
    const { total, passed, amended, refused, failed } = countedBy(server.received.slice(0, answered));
    expect(calls).to.include({ total, passed, amended, refused, failed });
    expect(events).to.include({ passed, amended, vetoed: refused, failed });
    expect(events.cutOff).to.be.within(1, 8 + 1);
    expect(events.chosen, 'every event is somewhere').to.equal(
      events.notCalled + events.skipped + total + events.cutOff,
    );
    expect(failures.filter(({ reason }) => reason !== 'status')).to.deep.equal([]);
    expect(page).to.include('Interrupted: the report has the results so far.').and.include('</html>');
  });

  it('says so to people, too', async () => {
    const { status, stdout } = await interrupted([]);
    expect(status).to.equal(130);
    expect(stdout)
      .to.include('Interrupted: the report has the results so far.')
      .and.include('Nothing was appended.');
  });
});
