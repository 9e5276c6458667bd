import { expect } from 'chai';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { parse } from 'parse5';
import type { BacktestReport } from '../../../../src/cli/backtest/tallying/backtestReport.js';
import { spellings } from '../../../support/canaries.js';
import { runHere } from '../runHere.js';
import { openPlace, storeKinds } from '../stores.js';
import { appendOrders, bodyOf, countedBy, hostileType, secret, servePolicy, withStore } from './orders.js';

const documentOf = (stdout: string) => JSON.parse(stdout) as BacktestReport;

for (const kind of storeKinds)
  describe(`backtest on ${kind}`, () => {
    it('calls no target without --send, and names the targets that --send would call', async () => {
      const place = await openPlace(kind);
      const { server } = await servePolicy(place);
      await appendOrders(place, 40);
      const { stdout, status } = await runHere(['backtest', '--json'], place.env);
      const report = documentOf(stdout);
      expect(status).to.equal(0);
      expect(report.events).to.include({ read: 44, chosen: 44, matched: 40, planned: 40, notCalled: 4 });
      expect(report.calls).to.include({ total: 40, planned: 40 });
      expect(report.executions).to.deep.equal([{ id: 'event/order.*', events: 40 }]);
      expect((await runHere(['backtest'], place.env)).stdout).to.include('No target was called');
      expect(server.received).to.deep.equal([]);
    });

    it('reports the counts that the endpoint has, appends nothing, and shows no secret', async () => {
      const place = await openPlace(kind);
      const { server, signingKey } = await servePolicy(place);
      await appendOrders(place, 200);
      const head = () => withStore(place, async (store) => store.head?.());
      const before = await head();
      const html = place.file('report.html');
      const run = await runHere(['backtest', '--send', '--json', '--html', html], place.env);
      expect(run).to.include({ status: 0, stderr: '' });
      const report = documentOf(run.stdout);
      const { total, passed, amended, refused, failed } = countedBy(server.received);
      expect(total).to.equal(200);
      expect(report.calls).to.include({ total, passed, amended, refused, failed, observed: 0 });
      expect(report.events).to.include({
        matched: total,
        passed,
        amended,
        vetoed: refused,
        failed,
        cutOff: 0,
      });
      expect(await head()).to.equal(before);
      for (const call of server.received) {
        expect(call.headers['actions-rehearsal']).to.equal('true');
        expect(bodyOf(call).phase).to.equal('rehearsal');
      }
      for (const stream of ['order-0', 'order-3']) {
        const told = server.received.map(bodyOf).filter((body) => body.stream === stream);
        const sequences = told.map(({ sequence }) => sequence);
        expect(sequences, 'in order within a stream').to.deep.equal(sequences.map((_, index) => index));
      }
      const page = readFileSync(html, 'utf8');
      const table = await runHere(['backtest', '--send'], place.env);
      for (const text of [page, run.stdout, table.stdout, table.stderr])
        for (const hidden of [secret, 'private-note', ...spellings(signingKey)])
          expect(text.includes(hidden), hidden).to.equal(false);
      expect(page).to.not.include('<script');
      expect(page).to.include('order.&lt;script&gt;');
      const errors: string[] = [];
      parse(page, { onParseError: ({ code }) => errors.push(code), sourceCodeLocationInfo: true });
      expect(errors).to.deep.equal([]);
    });

    it('rehearses the chosen events, with one target alone where the command names the target', async () => {
      const place = await openPlace(kind);
      const { server } = await servePolicy(place);
      await appendOrders(place, 40);
      const chosen = async (...options: readonly string[]) =>
        documentOf((await runHere(['backtest', ...options, '--json'], place.env)).stdout).events.chosen;
      expect(await chosen('--prefix', 'customer-')).to.equal(4);
      expect(await chosen('--type', 'order.*')).to.equal(40);
      expect(await chosen('--type', hostileType)).to.equal(2);
      expect(await chosen('--since', '1h')).to.equal(44);
      expect(await chosen('--until', '1h')).to.equal(0);
      expect(await chosen('--limit', '7')).to.equal(7);
      await runHere(['executions', 'remove', 'event/order.*'], place.env);
      const named = await runHere(
        ['backtest', 'ORDER POLICY', '--type', 'order.*', '--send', '--json'],
        place.env,
      );
      expect(documentOf(named.stdout).calls.total).to.equal(40);
      expect(documentOf(named.stdout).executions, 'none decided').to.deep.equal([]);
      expect(server.received).to.have.length(40);
    });
  });

describe('backtest', () => {
  it('gives up on a target that does not answer, and reports the events that were rehearsed', async () => {
    const place = await openPlace('SQLite');
    const { server } = await servePolicy(place);
    await appendOrders(place, 200);
    server.answer('reset');
    const run = await runHere(['backtest', '--send', '--json', '--give-up-after', '5'], place.env);
    expect(run.status).to.equal(1);
    const { ended, calls } = documentOf(run.stdout);
    expect(ended.kind).to.equal('gave-up');
    expect(ended.message).to.include('order policy').and.include('--give-up-after 0');
    expect(calls.failed).to.be.within(5, 20);
    expect(server.received.length).to.be.below(40);
  });

  it('refuses an impossible run before a target is called', async () => {
    const place = await openPlace('SQLite');
    await servePolicy(place);
    const { env } = place;
    expect((await runHere(['backtest', 'missing'], env)).status).to.equal(1);
    expect((await runHere(['backtest', '--html', '/nowhere/report.html'], env)).status).to.equal(1);
    for (const wrong of [
      ['--since', 'soon'],
      ['--limit', '0'],
      ['--at-once', '65'],
      ['--type', '*'],
    ])
      expect((await runHere(['backtest', ...wrong], env)).status, wrong.join(' ')).to.equal(2);
    expect((await runHere(['backtest', '--until', 'soon'], env)).stderr).to.equal(
      "error: option '--until <time>' argument 'soon' is invalid. Write a time as 2030-01-31, 2030-01-31T08:00Z, or as 30d for 30 days ago.\n",
    );
  });

  it('replaces a report, and refuses every other file before the run', async () => {
    const place = await openPlace('SQLite');
    const { server } = await servePolicy(place);
    await appendOrders(place, 20);
    const store = /^sqlite:(?<path>.+)$/.exec(place.env['EVENTSTORE_ACTIONS_STORE']!)!.groups!['path']!;
    const [keys, empty, link] = [place.file('keys.json'), place.file('empty.html'), place.file('link.html')];
    const [page, copy] = [place.file('page.html'), place.file('copy.html')];
    writeFileSync(keys, '{}');
    writeFileSync(empty, '');
    symlinkSync(store, link);
    writeFileSync(page, '<!doctype html>\n<html lang="en">\n<title>Backtest: mine');
    symlinkSync(place.file('missing'), place.file('dangling'));
    for (const path of [store, keys, empty, link, page, place.file('dangling')]) {
      const before = existsSync(path) && readFileSync(path);
      const run = await runHere(['backtest', '--send', '--html', path], place.env);
      expect(run, path).to.include({ status: 2, stdout: '' });
      expect(run.stderr).to.include(`--html ${path}: the file exists and is not a report of a backtest`);
      expect(existsSync(path) && readFileSync(path), path).to.deep.equal(before);
    }
    expect(server.received).to.have.length(0);
    const wrong = await runHere(['backtest', 'missing', '--html', copy], place.env);
    expect([wrong.status, existsSync(copy)]).to.deep.equal([1, false]);
    for (const limit of ['20', '1']) {
      const run = await runHere(['backtest', '--html', copy, '--limit', limit], place.env);
      expect(run.status, run.stderr).to.equal(0);
      expect(readFileSync(copy, 'utf8'))
        .to.include(`--limit ${limit}`)
        .and.match(/<\/html>\n$/);
    }
  });
});
