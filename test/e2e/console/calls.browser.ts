import { expect } from 'chai';
import { passes } from '../../support/conditions.js';
import { refusal } from '../../support/answers.js';
import { button, field, hands, heading, useBrowser, visit } from './browsing.js';
import { serveShop } from './servedConsole.js';

describe('calls in the console', () => {
  useBrowser();

  it('appear as they happen, the latest first', async () => {
    const { origin, place, policy } = await serveShop();
    await place('order-1');
    await visit(origin, { path: '#/calls' }, async (page) => {
      await page.getByText('Live', { exact: true }).waitFor();
      const rows = page.getByRole('rowheader');
      await rows.nth(1).waitFor();
      await passes(async () => expect(await rows.count()).to.equal(2));
      policy.server.answer(refusal(403, 'the customer is blocked'));
      await place('order-2').catch(() => undefined);
      const first = page.getByRole('row').nth(1);
      await first.getByText('refused', { exact: true }).waitFor();
      await passes(async () =>
        expect(await first.innerText())
          .to.include('order policy')
          .and.include('event/order.placed'),
      );
      await passes(async () => expect(await rows.count()).to.equal(3));
    });
  });

  for (const [how, press] of hands)
    it(`stop and are followed again ${how}`, async () => {
      const { origin, place } = await serveShop();
      await visit(origin, { path: '#/calls', width: 390 }, async (page) => {
        await page.getByText('Live', { exact: true }).waitFor();
        await press(page, button(page, 'Stop'));
        await page.getByText('Stopped').waitFor();
        await place('order-1');
        await press(page, button(page, 'Follow'));
        await page.getByText('Live', { exact: true }).waitFor();
        await page.getByRole('rowheader').nth(1).waitFor();
        await place('order-2');
        await page.getByRole('rowheader').nth(3).waitFor();
      });
    });

  it('are followed again after the connection was lost, and no call is missing', async () => {
    const { origin, place, cut, mend } = await serveShop();
    await visit(origin, { path: '#/calls' }, async (page) => {
      await page.getByText('Live', { exact: true }).waitFor();
      await place('order-1');
      await page.getByRole('rowheader').nth(1).waitFor();
      await cut();
      await page.getByText('What you see may be old').waitFor();
      await place('order-2');
      await mend();
      await page.getByText('What you see may be old').waitFor({ state: 'detached', timeout: 30_000 });
      await page.getByRole('rowheader').nth(3).waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      await place('order-3');
      await page.getByRole('rowheader').nth(5).waitFor();
      await passes(async () => expect(await page.getByRole('rowheader').count()).to.equal(6));
    });
  });

  it('are filtered by verdict, kind, text and target', async () => {
    const { origin, place, policy, screening, actions } = await serveShop();
    screening.server.answer({ status: 500 });
    await place('order-1');
    await place('stock-1', 'stock.moved');
    await actions.request('/orders.v1.OrderService/PlaceOrder', {});
    await visit(origin, { path: '#/calls' }, async (page) => {
      const rows = page.getByRole('rowheader');
      await rows.nth(3).waitFor();
      await field(page, 'Verdict').selectOption('failed');
      await page.getByText('order policy').first().waitFor({ state: 'detached' });
      await passes(async () => expect(await rows.count()).to.equal(2));
      await field(page, 'Verdict').selectOption('');
      await field(page, 'Kind').selectOption('request');
      await page.getByText('fraud screening').first().waitFor({ state: 'detached' });
      await passes(async () => expect(await rows.count()).to.equal(1));
      await field(page, 'Kind').selectOption('');
      await field(page, 'Search').fill('stock.moved');
      await page.getByText('order policy').first().waitFor({ state: 'detached' });
      await passes(async () => expect(await rows.count()).to.equal(1));
      await page.goto(`${origin}/#/targets/${policy.id}`);
      await page.getByRole('link', { name: 'Latest calls of this target' }).click();
      await heading(page, 'Calls').waitFor();
      await rows.nth(1).waitFor();
      await passes(async () =>
        expect(await page.getByRole('row').allInnerTexts()).to.satisfy((texts: readonly string[]) =>
          texts.slice(1).every((text) => text.includes('order policy')),
        ),
      );
    });
  });

  for (const [how, press] of hands)
    it(`link to the page of a call, with its timeline and bodies, ${how}`, async () => {
      const { origin, place, policy } = await serveShop({ calls: { captureBodies: true } });
      policy.server.answer({ body: '{"total":13}' });
      await place('order-1');
      await visit(origin, { path: '#/calls' }, async (page) => {
        await press(page, page.getByRole('row').nth(2).getByRole('link'));
        await heading(page, 'Call 1').waitFor();
        await page.getByText('amended').first().waitFor();
        await page.getByText('order-1', { exact: true }).waitFor();
        const timeline = page.getByRole('region', { name: 'Timeline' });
        await passes(async () => expect(await timeline.getByRole('row').count()).to.equal(3));
        await passes(async () =>
          expect(await timeline.getByRole('img').getAttribute('aria-label')).to.include('2 calls'),
        );
        await passes(async () =>
          expect(await page.getByRole('region', { name: 'Sent', exact: true }).innerText()).to.include(
            '"total": 12',
          ),
        );
        await passes(async () =>
          expect(await page.getByRole('region', { name: 'Answered', exact: true }).innerText()).to.include(
            '"total": 13',
          ),
        );
        await press(page, timeline.getByRole('link').first());
        await heading(page, 'Call 2').waitFor();
        await page.getByText('observed only').waitFor();
      });
    });

  it('are plotted for each target: verdicts and latencies of the last hour', async () => {
    const { origin, place, policy } = await serveShop();
    for (let number = 0; number < 5; number += 1) await place(`order-${number}`);
    policy.server.answer(refusal(403, 'no'));
    await place('order-9').catch(() => undefined);
    await visit(origin, { path: '#/calls/plots' }, async (page) => {
      await heading(page, 'The last hour').waitFor();
      const plot = page.getByRole('region', { name: 'order policy', exact: true });
      await plot.waitFor();
      const [verdicts, latencies] = [plot.getByRole('img').nth(0), plot.getByRole('img').nth(1)];
      await passes(async () =>
        expect(await verdicts.getAttribute('aria-label')).to.match(
          /Stacked bars of 60 periods.*tallest has [1-6] calls/,
        ),
      );
      await passes(async () =>
        expect(await latencies.getAttribute('aria-label')).to.match(/Lines of p50 and p99/),
      );
      const titles = await plot.locator('title').allTextContents();
      const counted = titles.flatMap(
        (text) => /: (\d+) passed, \d+ amended, (\d+) refused/.exec(text)?.slice(1) ?? [],
      );
      const sums = [0, 1].map((place) =>
        counted.filter((_, index) => index % 2 === place).reduce((sum, value) => sum + Number(value), 0),
      );
      expect(sums).to.deep.equal([5, 1]);
      await passes(async () => expect(await plot.locator('rect.vetoed').count()).to.equal(1));
    });
    await visit(origin, { path: `#/targets/${policy.id}` }, async (page) => {
      await page.getByRole('region', { name: 'The last hour' }).getByRole('img').first().waitFor();
    });
  });

  it('are paged by the server', async () => {
    const { origin, place } = await serveShop();
    for (let number = 0; number < 40; number += 1) await place(`order-${number}`);
    await visit(origin, { path: '#/calls' }, async (page) => {
      await page.getByText('50 of 80 kept calls').waitFor();
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.getByText('30 of 80 kept calls').waitFor();
      await passes(async () => expect(await page.getByRole('rowheader').count()).to.equal(30));
      await passes(async () =>
        expect(await page.getByText('Live', { exact: true }).count(), 'an older page stands still').to.equal(
          0,
        ),
      );
    });
  });

  it('are not shown where no calls are kept', async () => {
    const { origin } = await serveShop({ calls: { count: 0 } });
    await visit(origin, {}, async (page) => {
      await heading(page, 'Overview').waitFor();
      await passes(async () =>
        expect(
          await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts(),
        ).to.deep.equal(['Overview', 'Targets', 'Executions', 'Explain', 'Deliveries']),
      );
    });
  });
});
