import { expect } from 'chai';
import { passes } from '../../support/conditions.js';
import { button, byMouse, field, hands, heading, hasFocus, typeInto, useBrowser, visit } from './browsing.js';
import { serveShop } from './servedConsole.js';

describe('executions in the console', () => {
  useBrowser();

  for (const [how, press] of hands)
    it(`are set with targets and includes, in an order, ${how}`, async () => {
      const { origin, actions, policy, screening } = await serveShop();
      const width = press === byMouse ? 1_100 : 390;
      await visit(origin, { path: '#/executions', width }, async (page) => {
        await press(page, button(page, 'Set an execution'));
        const dialog = page.getByRole('dialog');
        await typeInto(page, field(page, 'Name'), 'order.cancelled');
        await dialog.getByText('event/order.cancelled').waitFor();
        await press(page, button(page, 'Add fraud screening'));
        await typeInto(page, field(page, 'Look for a target or an execution'), 'order');
        await press(page, button(page, 'Add all of event/order.*'));
        await press(page, button(page, 'Add order policy'));
        await press(page, button(page, 'Move order policy up'));
        await press(page, button(page, 'Move fraud screening down'));
        const last = button(page, 'Move all of event/order.* down');
        await passes(async () => expect(await last.getAttribute('aria-disabled')).to.equal('true'));
        await press(page, dialog.getByRole('button', { name: 'Set', exact: true }));
        await heading(page, 'event/order.cancelled').waitFor();
        await page.getByText('Who shadows whom').waitFor();
      });
      const { targets } = await actions.executions.get({ event: { event: 'order.cancelled' } });
      expect(targets).to.deep.equal([policy.id, screening.id, { include: { event: { group: 'order.*' } } }]);
    });

  for (const [how, press] of hands)
    it(`are removed ${how}, and name the executions that they shadow`, async () => {
      const { origin, actions } = await serveShop();
      await visit(origin, { path: '#/executions/event%2Forder.*' }, async (page) => {
        await page.getByRole('link', { name: 'event', exact: true }).waitFor();
        await page.getByRole('link', { name: 'event/order.placed', exact: true }).waitFor();
        await press(page, button(page, 'Remove'));
        await press(page, page.getByRole('dialog').getByRole('button', { name: 'Remove' }));
        await heading(page, 'Executions').waitFor();
        await page.getByRole('link', { name: 'event', exact: true }).waitFor();
      });
      const { items } = await actions.executions.list();
      expect(items.map(({ id }) => id)).not.to.include('event/order.*');
    });

  it('are set and removed before the page has read the execution again', async () => {
    const { origin, hold } = await serveShop();
    await visit(origin, { path: '#/executions/event%2Forder.*' }, async (page) => {
      await page.getByText('2 calls, with all that is included.').waitFor();
      const release = hold('GET /api/executions/one');
      await button(page, 'Set').click();
      await button(page, 'Take crm sync off the list').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Set', exact: true }).click();
      await page.getByText('1 calls, with all that is included.').waitFor();
      await button(page, 'Remove').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await heading(page, 'Executions').waitFor();
      release();
    });
  });

  for (const [how, press] of hands)
    it(`are a tree that opens ${how}: a specific execution below the more general one`, async () => {
      const { origin } = await serveShop();
      await visit(origin, { path: '#/executions' }, async (page) => {
        const twist = (id: string) => button(page, `More specific than ${id}`);
        await press(page, twist('event'));
        await passes(async () => expect(await twist('event').getAttribute('aria-expanded')).to.equal('true'));
        const nested = page.locator('.tree .tree');
        await nested.getByRole('link', { name: 'event/order.*' }).waitFor();
        await press(page, twist('event/order.*'));
        await page.locator('.tree .tree .tree').getByRole('link', { name: 'event/order.placed' }).waitFor();
        await page.getByText('in place of event/order.*').first().waitFor();
        await page.getByText('calls no target').waitFor();
        await press(page, twist('event'));
        await nested.first().waitFor({ state: 'detached' });
      });
    });

  it('are listed by kind and by a part of their ids, and each links to its page', async () => {
    const { origin } = await serveShop();
    await visit(origin, { path: '#/executions' }, async (page) => {
      await page.getByRole('link', { name: 'List' }).click();
      await page.getByRole('rowheader').nth(5).waitFor();
      await passes(async () => expect(await page.getByRole('rowheader').count()).to.equal(6));
      await field(page, 'Kind').selectOption('request');
      await page.getByRole('link', { name: 'function/preaccesstoken' }).waitFor({ state: 'detached' });
      await passes(async () => expect(await page.getByRole('rowheader').count()).to.equal(1));
      await field(page, 'Kind').selectOption('');
      await page.getByRole('link', { name: 'function/preaccesstoken' }).waitFor();
      await field(page, 'Search').fill('placed');
      await page.getByRole('link', { name: 'function/preaccesstoken' }).waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'event/order.placed' }).click();
      await heading(page, 'event/order.placed').waitFor();
      await hasFocus(heading(page, 'event/order.placed'));
      await page.goBack();
      await passes(async () => expect(await field(page, 'Search').inputValue()).to.equal('placed'));
    });
  });

  it('show a thousand executions below another, page by page of the server', async () => {
    const { origin, actions, screening, asked } = await serveShop();
    for (let number = 1_000; number < 1_120; number += 1)
      await actions.executions.set({ event: { event: `stock.moved${number}` } }, [screening.id]);
    await visit(origin, { path: '#/executions?kind=event' }, async (page) => {
      await button(page, 'More specific than event').click();
      await page.getByRole('link', { name: 'event/stock.moved1040' }).waitFor();
      await passes(async () => expect(await page.locator('.tree .tree > li').count()).to.equal(50));
      await button(page, 'Show more of 121').click();
      await page.getByRole('link', { name: 'event/stock.moved1080' }).waitFor();
      await button(page, 'Show more of 121').click();
      await page.getByRole('link', { name: 'event/stock.moved1119' }).waitFor();
      await passes(async () => expect(await page.locator('.tree .tree > li').count()).to.equal(121));
    });
    expect(
      asked.every((request) => !request.includes('limit=') || /limit=(?:50|6)\b/.test(request)),
    ).to.equal(true);
  });
});
