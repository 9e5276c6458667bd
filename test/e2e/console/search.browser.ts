import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { passes } from '../../support/conditions.js';
import { field, goTo, heading, useBrowser, visit } from './browsing.js';
import { serveShop } from './servedConsole.js';

/**
 * Runs statements in the page, in one turn, in which no timer ends. `type(text)` types into the search, `press(text)`
 * presses the link of a text, `pressHeading()` a place that leads nowhere, and `wait()` ends the timer with which the
 * search waits for more.
 */
const inOneTurn = (page: Page, label: string, statements: string): Promise<unknown> =>
  page.evaluate(`(() => {
    const timers = new Map();
    const [set, clear] = [setTimeout, clearTimeout];
    window.setTimeout = (run, ms) => {
      const timer = set(run, ms);
      timers.set(timer, run);
      return timer;
    };
    window.clearTimeout = (timer) => {
      timers.delete(timer);
      clear(timer);
    };
    const { control } = [...document.querySelectorAll('label')].find((each) => each.textContent === ${JSON.stringify(label)});
    const type = (text) => {
      control.focus();
      control.value = text;
      control.dispatchEvent(new InputEvent('input', { bubbles: true }));
    };
    const link = (text) => [...document.querySelectorAll('a')].find((each) => each.textContent === text);
    const press = (text) => link(text).click();
    const pressHeading = () => document.querySelector('h1').click();
    const wait = () => [...timers.values()].forEach((run) => run());
    ${statements}
    [window.setTimeout, window.clearTimeout] = [set, clear];
  })()`);

describe('a search in the console', () => {
  useBrowser();

  const pages = [
    ['targets', '#/targets', 'Search', 'order', 'order policy', 'order policy'],
    ['executions', '#/executions?view=list', 'Search', 'placed', 'event/order.placed', 'event/order.placed'],
    ['calls', '#/calls', 'Search', 'policy', 'Targets', 'Targets'],
    ['deliveries', '#/deliveries', 'Stream', 'order-1', 'crm sync', 'crm sync'],
  ] as const;
  for (const [name, path, label, text, link, title] of pages)
    it(`of ${name} is there on the way back from a link that is pressed at once`, async () => {
      const { origin, work, place } = await serveShop();
      await work();
      await place('order-1');
      await visit(origin, { path }, async (page) => {
        await page.getByRole('link', { name: link, exact: true }).first().waitFor();
        await inOneTurn(page, label, `type('${text}'); press('${link}');`);
        await heading(page, title).waitFor();
        await page.goBack();
        await passes(async () => expect(await field(page, label).inputValue()).to.equal(text));
      });
    });

  it('is there on the way forward after the keyboard led back at once', async () => {
    const { origin } = await serveShop();
    await visit(origin, { path: '#/executions' }, async (page) => {
      await goTo(page, '#/targets');
      await heading(page, 'Targets').waitFor();
      await inOneTurn(
        page,
        'Search',
        `type('order');
        control.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', altKey: true, bubbles: true }));
        history.back();`,
      );
      await heading(page, 'Executions').waitFor();
      await page.goForward();
      await passes(async () => expect(await field(page, 'Search').inputValue()).to.equal('order'));
    });
  });

  it('filters after a press that leaves the page as it is, and leaves no trace where it was taken back', async () => {
    const { origin } = await serveShop();
    await visit(origin, { path: '#/targets' }, async (page) => {
      const policy = page.getByRole('link', { name: 'order policy' });
      await policy.waitFor();
      await inOneTurn(page, 'Search', `type('crm'); pressHeading();`);
      await policy.waitFor({ state: 'detached' });
      await inOneTurn(page, 'Search', `type('order'); pressHeading(); type('crm');`);
      await passes(async () => expect(await page.evaluate('location.hash')).to.equal('#/targets?search=crm'));
      await page.getByRole('link', { name: 'crm sync' }).waitFor();
    });
  });

  it('does not hold back a link, pressed twice or as the wait for more letters ends', async () => {
    const { origin } = await serveShop();
    await visit(origin, { path: '#/targets' }, async (page) => {
      await page.getByRole('link', { name: 'order policy' }).waitFor();
      await inOneTurn(page, 'Search', `type('order'); press('order policy'); wait();`);
      await heading(page, 'order policy').waitFor();
      await page.goBack();
      await page.getByRole('link', { name: 'order policy' }).waitFor();
      await inOneTurn(page, 'Search', `type('crm'); press('order policy'); press('order policy');`);
      await heading(page, 'order policy').waitFor();
    });
  });
});
