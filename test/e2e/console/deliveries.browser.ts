import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { button, field, hands, heading, useBrowser, visit } from './browsing.js';
import { serveShop } from './servedConsole.js';

/** A target that refuses every event permanently, so that each becomes a dead letter. */
async function serveParked(letters: number) {
  const shop = await serveShop();
  shop.crm.server.answer({ status: 400 });
  const worker = await shop.work({ retry: { firstDelayMs: 5, maxDelayMs: 40, permanentAttempts: 1 } });
  await shop.actions.targets.change(shop.policy.id, { interruptOnError: false });
  for (let number = 1; number <= letters; number += 1) await shop.place(`order-${number}`, 'order.shipped');
  await shop.crm.server.whenReceived(letters);
  return { ...shop, worker };
}

/** Reads the deliveries until there are so many dead letters. */
async function whenParked(page: Page, letters: number): Promise<void> {
  await page
    .getByText(`${letters} dead ${letters === 1 ? 'letter' : 'letters'}`)
    .first()
    .waitFor({ timeout: 30_000 });
}

describe('deliveries in the console', () => {
  useBrowser();

  for (const [how, press] of hands)
    it(`are replayed ${how}: the chosen deliveries alone`, async () => {
      const { origin, crm } = await serveParked(3);
      await visit(origin, { path: '#/deliveries?state=parked' }, async (page) => {
        await whenParked(page, 3);
        const boxes = page.getByRole('checkbox');
        await boxes.nth(2).waitFor();
        crm.server.answer({ status: 200 });
        await boxes.first().focus();
        await page.keyboard.press('Space');
        await page.getByText('1 dead letter chosen').waitFor();
        await press(page, button(page, 'Choose all on this page'));
        await page.getByText('3 dead letters chosen').waitFor();
        await press(page, button(page, 'Replay'));
        await press(page, page.getByRole('dialog').getByRole('button', { name: 'Replay' }));
        await page.getByText('3 dead letters will be delivered once more').waitFor();
        await crm.server.whenReceived(6);
        await page.getByText('Nothing waits, and there is no dead letter.').waitFor({ timeout: 30_000 });
      });
    });

  for (const [how, press] of hands)
    it(`are discarded ${how}, after a question`, async () => {
      const { origin, crm, asked } = await serveParked(2);
      await visit(origin, { path: '#/deliveries?state=parked' }, async (page) => {
        await whenParked(page, 2);
        await page.getByRole('checkbox').first().check();
        await press(page, button(page, 'Discard'));
        await page.getByText('This cannot be undone.').waitFor();
        await press(page, button(page, 'Cancel'));
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await press(page, button(page, 'Discard'));
        await press(page, page.getByRole('dialog').getByRole('button', { name: 'Discard' }));
        await page.getByText('1 dead letter will be discarded').waitFor();
        await whenParked(page, 1);
      });
      expect(asked.filter((request) => request.startsWith('POST'))).to.have.length(1);
      expect(crm.server.received).to.have.length(2);
    });

  for (const [how, press] of hands)
    it(`are paused and go on ${how}`, async () => {
      const { origin, asked, crm, actions, place, work } = await serveShop();
      await work();
      const changesBefore: number[] = [];
      crm.server.answer(() => {
        changesBefore.push(asked.filter((request) => request.startsWith('POST')).length);
        return {};
      });
      await visit(origin, { path: '#/deliveries' }, async (page) => {
        await press(page, button(page, 'Pause crm sync'));
        await page.getByText('Deliveries to crm sync are paused.').waitFor();
        await button(page, 'Resume crm sync').waitFor();
        expect((await actions.targets.get(crm.id)).paused).to.equal(true);
        await place('order-1', 'order.shipped');
        await press(page, button(page, 'Resume crm sync'));
        await button(page, 'Pause crm sync').waitFor();
        await crm.server.whenReceived(1);
        expect(changesBefore, 'delivered after both changes').to.deep.equal([2]);
      });
    });

  it('show every field of a delivery on its page, which replays the delivery', async () => {
    const { origin, crm } = await serveParked(1);
    await visit(origin, { path: '#/deliveries', width: 390 }, async (page) => {
      await whenParked(page, 1);
      await page.getByRole('link', { name: 'order.shipped' }).click();
      await heading(page, 'order.shipped').waitFor();
      await page.getByText('400').first().waitFor();
      await page.getByText('order-1').waitFor();
      crm.server.answer({ status: 200 });
      await button(page, 'Replay').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
      await crm.server.whenReceived(2);
    });
  });

  it('are listed by state and stream', async () => {
    const { origin } = await serveParked(3);
    await visit(origin, { path: '#/deliveries' }, async (page) => {
      await whenParked(page, 3);
      await page.getByText('order-1', { exact: true }).waitFor();
      await field(page, 'Stream').fill('order-2');
      await page.getByText('order-1', { exact: true }).waitFor({ state: 'detached' });
      await page.getByText('order-2', { exact: true }).waitFor();
      await field(page, 'Shown').selectOption('waiting');
      await page.getByText('Nothing waits, and there is no dead letter.').waitFor();
    });
  });
});
