import { expect } from 'chai';
import { passes } from '../../support/conditions.js';
import { refusal } from '../../support/answers.js';
import { button, field, hands, useBrowser, visit } from './browsing.js';
import { serveShop } from './servedConsole.js';

describe('explaining in the console', () => {
  useBrowser();

  for (const [how, press] of hands)
    it(`shows which targets are called for a typed occurrence, and why, ${how}`, async () => {
      const { origin, policy, screening } = await serveShop();
      await visit(origin, { path: '#/explain' }, async (page) => {
        await field(page, 'Name').fill('order.noted');
        await press(page, button(page, 'Explain'));
        const candidates = page
          .getByRole('region', { name: 'Executions that could apply' })
          .getByRole('listitem');
        await candidates.first().waitFor();
        await passes(async () =>
          expect(
            (await candidates.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim()),
          ).to.deep.equal([
            'event/order.noted it has no target',
            'event/order.* applies',
            'event event/order.* is more specific',
          ]),
        );
        expect(page.url()).to.include('#/explain?kind=event&name=order.noted');
        await page.getByRole('link', { name: 'crm sync' }).waitFor();

        await field(page, 'Event data, as JSON').fill('{"total": 7}');
        await field(page, 'Stream').fill('order-9');
        await press(page, button(page, 'Render the requests'));
        const body = page.getByRole('region', { name: 'Body', exact: true }).first();
        await body.waitFor();
        await passes(async () =>
          expect(await body.innerText())
            .to.include('"total": 7')
            .and.include('"aggregateID": "9"'),
        );
        const headers = await page.getByRole('region', { name: 'Headers' }).first().innerText();
        expect(headers)
          .to.include('zitadel-signature: ')
          .and.include('***')
          .and.not.match(/v1=[0-9a-f]{20}/);
        expect(policy.server.received).to.deep.equal([]);
        expect(screening.server.received).to.deep.equal([]);
      });
    });

  for (const [how, press] of hands)
    it(`calls the targets after a confirmation, ${how}, and appends nothing`, async () => {
      const { origin, policy, read } = await serveShop();
      policy.server.answer(refusal(403, 'not yours'));
      await visit(origin, { path: '#/explain?kind=event&name=order.noted' }, async (page) => {
        await press(page, button(page, 'Call the targets…'));
        await button(page, 'Call them').waitFor();
        expect(policy.server.received).to.deep.equal([]);
        await press(page, button(page, 'Call them'));
        await page.getByText('The operation would fail').waitFor();
        await page.getByText('not yours').first().waitFor();
        await passes(async () =>
          expect(await page.locator('.badge', { hasText: 'refused' }).count()).to.be.above(0),
        );
      });
      expect(policy.server.received.map(({ headers }) => headers['actions-rehearsal'])).to.deep.equal([
        'true',
      ]);
      expect(await read('order-7')).to.deep.equal([]);
    });

  it('explains requests, responses and functions, and names the field that is not JSON', async () => {
    const { origin } = await serveShop();
    await visit(origin, { path: '#/explain' }, async (page) => {
      await field(page, 'What happens').selectOption('request');
      await field(page, 'Name').fill('/orders.v1.OrderService/PlaceOrder');
      await button(page, 'Explain').click();
      await page.getByRole('link', { name: 'request/orders.v1.OrderService', exact: true }).waitFor();
      await field(page, 'What happens').selectOption('response');
      await button(page, 'Explain').click();
      await page.getByText('No target is called').waitFor();
      await field(page, 'The request as it was processed, as JSON').fill('{');
      await button(page, 'Render the requests').click();
      await page.getByText('The request is not JSON').waitFor();
      await field(page, 'What happens').selectOption('function');
      await field(page, 'Name').fill('preaccesstoken');
      await button(page, 'Explain').click();
      await page.getByRole('link', { name: 'fraud screening' }).waitFor();
      // Only a link puts an occurrence into the history of the browser.
      await page.reload();
      await page.getByRole('link', { name: 'fraud screening' }).waitFor();
    });
  });

  it('says why an occurrence cannot be explained', async () => {
    const { origin } = await serveShop();
    await visit(origin, { path: '#/explain?kind=event&name=order.*' }, async (page) => {
      await page
        .getByText('event/order.*')
        .or(page.getByRole('alert').getByText('Refused.'))
        .first()
        .waitFor();
    });
    await visit(origin, { path: '#/explain?kind=request&name=a' }, async (page) => {
      await page.getByRole('alert').getByText('Refused.').waitFor();
    });
  });
});
