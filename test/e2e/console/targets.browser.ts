import { expect } from 'chai';
import { durable } from '../../deliveries/openDeliveries.js';
import { passes } from '../../support/conditions.js';
import {
  button,
  byMouse,
  field,
  hands,
  heading,
  hasFocus,
  tabTo,
  typeInto,
  useBrowser,
  visit,
} from './browsing.js';
import { serveConsole, serveShop } from './servedConsole.js';

describe('targets in the console', () => {
  useBrowser();

  for (const [how, press] of hands)
    it(`are added ${how}, and the key is shown once`, async () => {
      const { origin, actions, serve } = await serveConsole();
      const server = await serve();
      await visit(origin, { path: '#/targets', width: press === byMouse ? 390 : 1_100 }, async (page) => {
        await press(page, button(page, 'Add a target'));
        await typeInto(page, field(page, 'Name'), 'order policy');
        await typeInto(page, field(page, 'Endpoint'), server.url('/orders'));
        await press(page, button(page, 'Add a header'));
        await typeInto(
          page,
          page.getByRole('group', { name: 'Headers of each call' }).getByLabel('Name'),
          'x-api-key',
        );
        await typeInto(page, field(page, 'Value'), 'hunter2');
        await press(page, button(page, 'Add target'));
        const key = await field(page, 'Signing key').inputValue();
        expect(key).to.match(/^whsec_/);
        await press(page, button(page, 'Copy'));
        await page.getByText('Copied.').waitFor();
        expect(await page.evaluate('navigator.clipboard.readText()')).to.equal(key);
        // The Escape key does not close a dialog with a key that is shown once.
        await page.keyboard.press('Escape');
        await page.keyboard.press('Escape');
        await passes(async () => expect(await field(page, 'Signing key').inputValue()).to.equal(key));
        await press(page, button(page, 'I have kept the key'));
        await heading(page, 'order policy').waitFor();
        const { items: targets } = await actions.targets.list();
        expect(targets.map(({ name, endpoint }) => [name, endpoint])).to.deep.equal([
          ['order policy', server.url('/orders')],
        ]);
        await page.getByText('x-api-key: ***').waitFor();
        expect(await page.content())
          .not.to.include('hunter2')
          .and.not.to.include(key);
      });
    });

  for (const [how, press] of hands)
    it(`are changed, rotated, paused and removed ${how}`, async () => {
      const { origin, actions, add, asked } = await serveConsole();
      const { id } = await add({ name: 'crm', ...durable });
      await visit(origin, { path: `#/targets/${id}` }, async (page) => {
        await press(page, button(page, 'Change'));
        await typeInto(page, field(page, 'Timeout in milliseconds'), '1500');
        await press(page, button(page, 'Save'));
        await page.getByText('The target is changed.').waitFor();
        await page.getByText('1500 ms').waitFor();
        expect((await actions.targets.get(id)).timeoutMs).to.equal(1_500);

        await press(page, button(page, 'Pause'));
        await press(page, page.getByRole('dialog').getByRole('button', { name: 'Pause' }));
        await button(page, 'Resume').waitFor();
        expect((await actions.targets.get(id)).paused).to.equal(true);
        await hasFocus(button(page, 'Resume'));

        await press(page, button(page, 'Rotate key'));
        await press(page, button(page, 'Rotate the key'));
        await passes(async () => expect(await field(page, 'Signing key').inputValue()).to.match(/^whsec_/));
        await press(page, button(page, 'I have kept the key'));
        expect(asked.filter((request) => request.endsWith('/rotate'))).to.have.length(1);

        await press(page, button(page, 'Remove'));
        await press(page, page.getByRole('dialog').getByRole('button', { name: 'Remove' }));
        await heading(page, 'Targets').waitFor();
        await page.getByText('There is no target yet.').waitFor();
        expect((await actions.targets.list()).items).to.deep.equal([]);
      });
    });

  it('are changed, rotated and paused one after another, before the page has read the target again', async () => {
    const { origin, add, hold } = await serveConsole();
    const { id } = await add({ name: 'crm', ...durable });
    await visit(origin, { path: `#/targets/${id}` }, async (page) => {
      await button(page, 'Rotate key').waitFor();
      const release = hold(`GET /api/targets/${id}`);
      await button(page, 'Rotate key').click();
      await button(page, 'Rotate the key').click();
      await button(page, 'I have kept the key').click();
      await button(page, 'Pause').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
      await button(page, 'Resume').waitFor();
      await button(page, 'Change').click();
      await field(page, 'Timeout in milliseconds').fill('1500');
      await button(page, 'Save').click();
      await page.getByText('1500 ms').waitFor();
      await button(page, 'Remove').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await heading(page, 'Targets').waitFor();
      release();
    });
  });

  it('are searched, sorted and paged by the server, and the way back leads to the same page of the list', async () => {
    const { origin, actions } = await serveConsole();
    for (let number = 100; number < 160; number += 1)
      await actions.targets.add({
        name: `policy ${number}`,
        type: number % 2 === 0 ? 'webhook' : 'async',
        endpoint: `https://policy.example/${number}`,
      });
    await visit(origin, { path: '#/targets' }, async (page) => {
      const rows = page.getByRole('rowheader');
      await page.getByText('50 of 60 targets').waitFor();
      await passes(async () => expect(await rows.count()).to.equal(50));
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.getByRole('link', { name: 'policy 159' }).waitFor();
      await passes(async () => expect(await rows.count()).to.equal(10));
      await page.getByRole('link', { name: 'policy 155' }).click();
      await heading(page, 'policy 155').waitFor();
      await page.goBack();
      await page.getByRole('link', { name: 'policy 159' }).waitFor();
      await page.getByRole('link', { name: 'First page' }).click();
      await page.getByRole('link', { name: 'policy 100' }).waitFor();
      await field(page, 'Sorted by').selectOption('-created');
      await page.getByRole('link', { name: 'policy 159' }).waitFor();
      await field(page, 'Search').fill('cy 12');
      await page.getByRole('link', { name: 'policy 159' }).waitFor({ state: 'detached' });
      await passes(async () => expect(await rows.count()).to.equal(10));
      expect(page.url()).to.include('search=cy+12');
      await field(page, 'Search').fill('nothing like it');
      await page.getByText('No target matches.').waitFor();
    });
  });

  it('name the refused fields, and keep the typed input', async () => {
    const { origin, actions } = await serveConsole();
    await visit(origin, { path: '#/targets' }, async (page) => {
      await button(page, 'Add a target').click();
      await field(page, 'Name').fill('inside');
      await field(page, 'Endpoint').fill('http://127.0.0.1:9/');
      await button(page, 'Add target').click();
      await page.getByRole('alert').getByText('Refused.').waitFor();
      await passes(async () => expect(await field(page, 'Name').inputValue()).to.equal('inside'));
      // The Escape key does not close a dialog with typed input.
      await page.keyboard.press('Escape');
      await passes(async () =>
        expect(await field(page, 'Endpoint').inputValue()).to.equal('http://127.0.0.1:9/'),
      );
      await button(page, 'Cancel').click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await tabTo(page, button(page, 'Add a target'));
    });
    expect((await actions.targets.list()).items).to.deep.equal([]);
  });

  it('keep header values that the user does not type, and send the typed values', async () => {
    const { origin, policy, actions, place } = await serveShop();
    await actions.targets.change(policy.id, { headers: { 'x-one': 'kept', 'x-two': 'old' } });
    await visit(origin, { path: `#/targets/${policy.id}` }, async (page) => {
      await button(page, 'Change').click();
      await field(page, 'Value').nth(1).fill('new');
      await button(page, 'Save').click();
      await page.getByText('The target is changed.').waitFor();
    });
    await place('order-1');
    const [call] = await policy.server.whenReceived(1);
    expect([call?.headers['x-one'], call?.headers['x-two']]).to.deep.equal(['kept', 'new']);
  });
});
