import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { passes } from '../../support/conditions.js';
import { picture } from '../support/picture.js';
import {
  field,
  findings,
  goTo,
  heading,
  overflowing,
  hasFocus,
  useBrowser,
  views,
  visit,
} from './browsing.js';
import { serveShop } from './servedConsole.js';

describe('the pages of the console', () => {
  useBrowser();

  for (const view of views)
    it(`are whole and accessible at ${view.width} px, ${view.colorScheme}`, async () => {
      const { origin, policy, crm, place, work } = await serveShop();
      await place('order-1');
      await place('order-2');
      crm.server.answer({ status: 400 });
      await work({ retry: { permanentAttempts: 1, firstDelayMs: 5 } });
      await place('order-3', 'order.shipped');
      await crm.server.whenReceived(1);
      const pages: readonly (readonly [name: string, path: string, title: string])[] = [
        ['overview', '', 'Overview'],
        ['targets', '#/targets', 'Targets'],
        ['target', `#/targets/${policy.id}`, 'order policy'],
        ['executions', '#/executions', 'Executions'],
        ['executionList', '#/executions?view=list', 'Executions'],
        ['execution', '#/executions/event%2Forder.*', 'event/order.*'],
        ['explain', '#/explain?kind=event&name=order.placed', 'Explain'],
        ['calls', '#/calls', 'Calls'],
        ['call', '#/calls/1', 'Call 1'],
        ['plots', '#/calls/plots', 'The last hour'],
        ['deliveries', '#/deliveries', 'Deliveries'],
        ['unknown', '#/nowhere', 'There is no such page'],
      ];
      await visit(origin, view, async (page) => {
        for (const [name, path, title] of pages) {
          await goTo(page, path);
          await heading(page, title).waitFor();
          await page.locator('.loading').first().waitFor({ state: 'detached' });
          await passes(async () => expect(await page.locator('.notice.bad').count(), name).to.equal(0));
          expect(await page.title(), name).to.equal(`${title} · Actions console`);
          expect(await findings(page), name).to.deep.equal([]);
          const width = await page.evaluate<number>('document.documentElement.scrollWidth');
          expect(width, `${name}: no scrolling sideways`).to.be.at.most(view.width);
          for (const other of [view.width, view.width === 390 ? 320 : 860]) {
            await page.setViewportSize({ width: other, height: 900 });
            expect(await overflowing(page), `${name} at ${other} px`).to.deep.equal([]);
          }
          await page.setViewportSize({ width: view.width, height: 900 });
          await picture(page, `console/${name}-${view.width}-${view.colorScheme}`);
        }
      });
    }).timeout(120_000);

  it('are reached by links, and the way back leads to them', async () => {
    const { origin } = await serveShop();
    await visit(origin, {}, async (page) => {
      const pages = page.getByRole('navigation', { name: 'Pages' });
      for (const name of ['Targets', 'Executions', 'Explain', 'Calls', 'Deliveries']) {
        await pages.getByRole('link', { name }).click();
        await heading(page, name).waitFor();
        await hasFocus(heading(page, name));
        await passes(async () =>
          expect(await pages.locator('[aria-current=page]').innerText()).to.equal(name),
        );
      }
      for (const name of ['Calls', 'Explain', 'Executions', 'Targets', 'Overview']) {
        await page.goBack();
        await heading(page, name).waitFor();
      }
    });
  });

  it('do not take the focus from a field that is reached at once, and keep what is chosen in it', async () => {
    const { origin } = await serveShop();
    const inNextTurns = (page: Page, ...turns: readonly string[]) =>
      page.evaluate(`(async () => {
        const turn = () => new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = resolve;
          port2.postMessage(undefined);
        });
        ${turns.join('\nawait turn();\n')}
        for (let frames = 0; frames < 3; frames += 1)
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      })()`);
    await visit(origin, { path: '#/executions' }, async (page) => {
      await inNextTurns(
        page,
        `const shown = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
        location.hash = '#/explain';
        await shown;`,
        `document.querySelector('form input').focus();`,
      );
      await hasFocus(field(page, 'Name'));
      expect(await page.title()).to.equal('Explain · Actions console');
      await field(page, 'Name').fill('order.noted');
      await inNextTurns(
        page,
        `document.querySelector('form').requestSubmit();`,
        `const kind = document.querySelector('form select');
        kind.value = 'function';
        kind.dispatchEvent(new Event('change', { bubbles: true }));`,
      );
      await page.getByRole('link', { name: 'crm sync' }).waitFor();
      await passes(async () => expect(await field(page, 'What happens').inputValue()).to.equal('function'));
    });
  });

  it('have no animation for a user who prefers reduced motion', async () => {
    const { origin } = await serveShop();
    await visit(origin, { path: '#/calls' }, async (page) => {
      await page.getByText('Live', { exact: true }).waitFor();
      const moving = await page.evaluate<number>('document.getAnimations().length');
      expect(moving).to.equal(0);
    });
  });

  it('skip the navigation by the first press of Tab', async () => {
    const { origin } = await serveShop();
    await visit(origin, { path: '#/targets' }, async (page) => {
      await page.keyboard.press('Tab');
      const skip = page.getByRole('link', { name: 'Skip to the content' });
      await hasFocus(skip);
      await page.keyboard.press('Enter');
      await hasFocus(heading(page, 'Targets'));
    });
  });
});
