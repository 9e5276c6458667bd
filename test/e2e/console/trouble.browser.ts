import { expect } from 'chai';
import { passes } from '../../support/conditions.js';
import { button, byMouse, field, hands, heading, useBrowser, visit } from './browsing.js';
import { serveShop } from './servedConsole.js';

describe('the console after conflicts and failures', () => {
  useBrowser();

  it('says that a target has changed meanwhile, and keeps the typed input', async () => {
    const { origin, policy, actions } = await serveShop();
    await visit(origin, { path: `#/targets/${policy.id}` }, async (page) => {
      await button(page, 'Change').click();
      await field(page, 'Name').fill('my name');
      await actions.targets.change(policy.id, { timeoutMs: 3_000 });
      await button(page, 'Save').click();
      await page.getByText('Changed meanwhile.').waitFor();
      await passes(async () => expect(await field(page, 'Name').inputValue()).to.equal('my name'));
      expect((await actions.targets.get(policy.id)).name, 'nothing was overwritten').to.equal('order policy');
      await button(page, 'Load the newest, keep my entries').click();
      await page.getByText('The newest state is loaded').waitFor();
      await passes(async () => expect(await field(page, 'Name').inputValue()).to.equal('my name'));
      await passes(async () =>
        expect(await field(page, 'Timeout in milliseconds').inputValue()).to.equal('3000'),
      );
      await button(page, 'Save').click();
      await heading(page, 'my name').waitFor();
    });
    const { name, timeoutMs } = await actions.targets.get(policy.id);
    expect({ name, timeoutMs }).to.deep.equal({ name: 'my name', timeoutMs: 3_000 });
  });

  it('says that an execution has changed meanwhile', async () => {
    const { origin, policy, screening, actions } = await serveShop();
    const condition = { event: { group: 'order' } };
    await visit(origin, { path: '#/executions/event%2Forder.*' }, async (page) => {
      await button(page, 'Set').click();
      await button(page, 'Take crm sync off the list').click();
      await actions.executions.set(condition, [screening.id]);
      await page.getByRole('dialog').getByRole('button', { name: 'Set', exact: true }).click();
      await page.getByText('Changed meanwhile.').waitFor();
      await button(page, 'Keep my list, set it over the newest').click();
      await page.getByText('Changed meanwhile.').waitFor({ state: 'detached' });
      await page.getByRole('dialog').getByRole('button', { name: 'Set', exact: true }).click();
      await page.getByText('The execution is set.').waitFor();
    });
    const { targets } = await actions.executions.get(condition);
    expect(targets).to.deep.equal([policy.id]);
  });

  for (const [how, press] of hands)
    it(`says that an execution was removed meanwhile, and sets it again with the kept list, ${how}`, async () => {
      const { origin, policy, actions } = await serveShop();
      const condition = { event: { group: 'order' } };
      const width = press === byMouse ? 1_100 : 390;
      await visit(origin, { path: '#/executions/event%2Forder.*', width }, async (page) => {
        const set = page.getByRole('dialog').getByRole('button', { name: 'Set', exact: true });
        await press(page, button(page, 'Set'));
        await press(page, button(page, 'Take crm sync off the list'));
        await actions.executions.remove(condition);
        await press(page, set);
        await page.getByText('Changed meanwhile.').waitFor();
        expect((await actions.executions.list()).items.map(({ id }) => id)).not.to.include('event/order.*');
        await press(page, button(page, 'Keep my list, set it over the newest'));
        await page.getByText('The execution was removed meanwhile.').waitFor();
        await press(page, set);
        await page.getByText('The execution is set.').waitFor();
        await heading(page, 'event/order.*').waitFor();
      });
      const { targets } = await actions.executions.get(condition);
      expect(targets).to.deep.equal([policy.id]);
    });

  for (const [how, press] of hands)
    it(`says that the execution to remove was removed already, ${how}`, async () => {
      const { origin, actions } = await serveShop();
      await visit(origin, { path: '#/executions/event%2Forder.*' }, async (page) => {
        await press(page, button(page, 'Remove'));
        await actions.executions.remove({ event: { group: 'order' } });
        await press(page, page.getByRole('dialog').getByRole('button', { name: 'Remove' }));
        await page
          .getByRole('dialog')
          .getByRole('alert')
          .getByText('Not found. there is no execution')
          .waitFor();
      });
    });

  it('says that the connection is lost, loses no input, and connects again by itself', async () => {
    const { origin, policy, actions, cut, mend } = await serveShop();
    await visit(origin, { path: `#/targets/${policy.id}` }, async (page) => {
      await button(page, 'Change').click();
      await field(page, 'Name').fill('typed before');
      await cut();
      await button(page, 'Save').click();
      await page.getByRole('dialog').getByText('Connection lost.').waitFor();
      await passes(async () => expect(await field(page, 'Name').inputValue()).to.equal('typed before'));
      await mend();
      await page.getByText('What you see may be old').waitFor({ state: 'detached', timeout: 30_000 });
      await button(page, 'Save').click();
      await heading(page, 'typed before').waitFor();
    });
    expect((await actions.targets.get(policy.id)).name).to.equal('typed before');
  });

  it('reads the shown lists again once the connection is back', async () => {
    const { origin, actions, policy, cut, mend } = await serveShop();
    await visit(origin, { path: '#/targets' }, async (page) => {
      await page.getByRole('link', { name: 'order policy' }).waitFor();
      // The page does not try again by itself.
      await page.evaluate(`{
        const set = setTimeout;
        window.setTimeout = (run, ms) => (ms >= 1_000 ? 0 : set(run, ms));
      }`);
      await cut();
      await field(page, 'Search').fill('order');
      await page.getByText('What you see may be old').waitFor();
      await actions.targets.change(policy.id, { name: 'order policy, renamed' });
      await mend();
      await button(page, 'Connect now').click();
      await page.getByRole('link', { name: 'order policy, renamed' }).waitFor();
      await page.getByText('What you see may be old').waitFor({ state: 'detached' });
    });
  });

  it('shows that a slow change is under way, and sends the change once however often the button is pressed', async () => {
    const { origin, policy, actions, asked, hold } = await serveShop();
    await visit(origin, { path: `#/targets/${policy.id}` }, async (page) => {
      await button(page, 'Change').click();
      const release = hold(`/api/targets/${policy.id}`);
      await field(page, 'Name').fill('slow');
      await button(page, 'Save').click();
      const busy = button(page, 'Saving…');
      await passes(async () => expect(await busy.getAttribute('aria-busy')).to.equal('true'));
      await busy.click({ force: true });
      await busy.press('Enter');
      await field(page, 'Name').press('Enter');
      // A dialog with a change under way stays open.
      await page.keyboard.press('Escape');
      await passes(async () => expect(await busy.count()).to.equal(1));
      release();
      await heading(page, 'slow').waitFor();
    });
    expect(asked.filter((request) => request.startsWith('POST'))).to.have.length(1);
    expect((await actions.targets.get(policy.id)).name).to.equal('slow');
  });

  it('shows that a slow list is being read', async () => {
    const { origin, hold } = await serveShop();
    await visit(origin, { path: '#/executions' }, async (page) => {
      await page.getByRole('link', { name: 'event', exact: true }).waitFor();
      const release = hold('/api/targets');
      await page.getByRole('link', { name: 'Targets' }).click();
      await heading(page, 'Targets').waitFor();
      await page.getByText('Loading…').waitFor();
      await passes(async () =>
        expect(await page.locator('.loaded').getAttribute('aria-busy')).to.equal('true'),
      );
      release();
      await page.getByRole('link', { name: 'order policy' }).waitFor();
      await passes(async () =>
        expect(await page.locator('.loaded').getAttribute('aria-busy')).to.equal('false'),
      );
    });
  });
});
