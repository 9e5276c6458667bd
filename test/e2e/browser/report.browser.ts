import { expect } from 'chai';
import { existsSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import type { BacktestReport } from '../../../src/cli/backtest/tallying/backtestReport.js';
import { appendOrders, countedBy, servePolicy } from '../cli/backtest/orders.js';
import { runProgram, useProgram } from '../cli/program.js';
import { openPlace } from '../cli/stores.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { passes } from '../../support/conditions.js';
import { closeAfterTest } from '../../support/closings.js';
import { picture } from '../support/picture.js';
import { yearReport } from './yearReport.js';

const executablePath = '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat([
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]);

before(() => {
  if (!existsSync(executablePath)) throw new Error(`there is no ${executablePath}: apt-get install chromium`);
});

async function openBrowser(javaScriptEnabled: boolean) {
  const folder = temporaryFolder();
  closeAfterTest(folder.remove);
  const context = await chromium.launchPersistentContext(folder.file('profile'), {
    executablePath,
    headless: true,
    args: flags,
    javaScriptEnabled,
    offline: true,
  });
  closeAfterTest(() => context.close());
  return context;
}

/** Reads the page by the browser, without a script in the page. */
const numberAt = async (page: Page, tile: string): Promise<number> =>
  Number((await page.locator(`#tile-${tile} .value`).innerText()).replaceAll(',', ''));

/**
 * The size of everything that can be scrolled to, measured by the browser, so that no script has to run in the
 * page.
 */
async function widthOf(context: BrowserContext, page: Page): Promise<number> {
  const session = await context.newCDPSession(page);
  const { cssContentSize } = await session.send('Page.getLayoutMetrics');
  return cssContentSize.width;
}

describe('the HTML report of a backtest, in a browser', () => {
  useProgram();

  it('shows its charts and the numbers of the endpoint, offline, in both schemes and on a phone', async () => {
    const place = await openPlace('SQLite');
    const { server } = await servePolicy(place);
    await appendOrders(place, 400);
    const html = place.file('report.html');
    const run = await runProgram(['backtest', '--send', '--json', '--html', html], { env: place.env });
    expect(run).to.include({ status: 0, stderr: '' });
    const report = JSON.parse(run.stdout) as BacktestReport;
    const counted = countedBy(server.received);
    expect(report.calls.total).to.equal(counted.total);
    const url = pathToFileURL(html).href;

    for (const javaScript of [false, true]) {
      const context = await openBrowser(javaScript);
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [1_100, 390]) {
          const page = await context.newPage();
          const requests: string[] = [];
          const problems: string[] = [];
          page.on('request', (request) => requests.push(request.url()));
          page.on('console', (message) => problems.push(message.text()));
          page.on('pageerror', (error) => problems.push(error.message));
          page.on('dialog', (dialog) => problems.push(dialog.message()));
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          await page.goto(url);
          for (const section of ['over-time', 'types', 'targets', 'latency']) {
            const chart = page.locator(`#${section} svg[role=img]`);
            await passes(async () => expect(await chart.isVisible(), section).to.equal(true));
            const box = await chart.boundingBox();
            expect(box!.width, section).to.be.above(200);
            expect(box!.height, section).to.be.above(30);
            await passes(async () =>
              expect(await chart.locator('rect:not(.hit):not(.track)').count(), section).to.be.above(0),
            );
            await passes(async () => expect(await chart.getAttribute('aria-label'), section).to.match(/\w/));
            await passes(async () =>
              expect(await page.locator(`#${section} table`).count(), section).to.equal(1),
            );
          }
          expect(await numberAt(page, 'calls')).to.equal(counted.total);
          expect(await numberAt(page, 'vetoed')).to.equal(counted.refused);
          expect(await numberAt(page, 'amended')).to.equal(counted.amended);
          expect(await numberAt(page, 'failed')).to.equal(counted.failed);
          expect(await numberAt(page, 'passed')).to.equal(counted.passed);
          expect(await widthOf(context, page), 'no scrolling sideways').to.equal(width);
          expect(requests, 'the file and nothing else').to.deep.equal([url]);
          expect(problems).to.deep.equal([]);
          await passes(async () =>
            expect(await page.locator('meta[http-equiv]').getAttribute('content')).to.equal(
              "default-src 'none'; style-src 'unsafe-inline'",
            ),
          );
          await picture(page, `browser/${colorScheme}-${width}${javaScript ? '-script' : ''}`);
          await page.close();
        }
    }
  }).timeout(300_000);

  it('shows a year of many types and targets without calls, on a phone too', async () => {
    const folder = temporaryFolder();
    closeAfterTest(folder.remove);
    const pages = { planned: yearReport(false), answered: yearReport(true) };
    const context = await openBrowser(false);
    for (const [name, html] of Object.entries(pages))
      for (const width of [1_100, 390]) {
        writeFileSync(folder.file(`${name}.html`), html);
        const page = await context.newPage();
        await page.setViewportSize({ width, height: 900 });
        await page.goto(pathToFileURL(folder.file(`${name}.html`)).href);
        expect(await widthOf(context, page), 'no scrolling sideways').to.equal(width);
        const labels = await page.locator('#over-time g.time:visible text').all();
        const boxes = await Promise.all(labels.map((label) => label.boundingBox()));
        expect(boxes).to.have.length.above(1);
        boxes.slice(1).forEach((box, index) => {
          const before = boxes[index]!;
          expect(box!.x, 'labels beside each other').to.be.above(before.x + before.width);
        });
        await picture(page, `browser/year-${name}-${width}`);
        await page.close();
      }
  }).timeout(120_000);
});
