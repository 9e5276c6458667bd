import { expect } from 'chai';
import { passes } from '../../support/conditions.js';
import { goTo, useBrowser, views, visit } from './browsing.js';
import { serveConsole } from './servedConsole.js';

const script = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
const control = 'a\u0000b\u0007c\u001b[31md\u202ee\u2028f';
const steering = ['\u0000', '\u0007', '\u001b', '\u202e', '\u2028'];
const long = 'NoSpacesAtAll'.repeat(70);

/** Evaluated in the page: single words of at most 20 letters, in cells of a table, that are drawn on more than one line. */
const wordsOnTwoLines = `[...document.querySelectorAll('table.data td')].flatMap((cell) => {
  const words = [];
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(text);
    if (/^[a-z/]{2,20}$/i.test(text.data) && range.getClientRects().length > 1) words.push(text.data);
  }
  return words;
})`;

describe('hostile text in the console', () => {
  useBrowser();

  it('is shown as text: names, answers and bodies of a megabyte', async () => {
    const served = await serveConsole({ calls: { captureBodies: true } });
    const { origin, add, actions, guarded } = served;
    const hostile = await add({ name: `${script}${control}`, type: 'requestResponse' });
    const wide = await add({ name: long, type: 'webhook' });
    await actions.executions.set({ event: { group: 'order' } }, [hostile.id, wide.id]);
    hostile.server.answer({ status: 403, body: `${script}${control}` });
    wide.server.answer({
      body: JSON.stringify({ forwardedStatusCode: 403, forwardedErrorMessage: `${script}${long}` }),
    });
    await guarded.append('order-<b>1</b>', [{ type: 'order.placed', data: { text: script.repeat(8_000) } }]);
    const paths = [
      '#/',
      '#/targets',
      `#/targets/${hostile.id}`,
      `#/targets/${wide.id}`,
      '#/executions/event%2Forder.*',
      '#/explain?kind=event&name=order.placed',
      '#/calls',
      '#/calls/1',
      '#/calls/plots',
    ];
    for (const view of views.slice(0, 2))
      await visit(origin, view, async (page) => {
        for (const path of paths) {
          await goTo(page, path);
          await page.locator('main', { hasText: /<img src=x|NoSpacesAtAll/ }).waitFor();
          await page.locator('.loading').first().waitFor({ state: 'detached' });
          await passes(async () =>
            expect(await page.locator('main img, main script').count(), path).to.equal(0),
          );
          expect(await page.title(), path).not.to.equal('owned');
          const text = await page.locator('main').innerText();
          expect(
            steering.filter((each) => text.includes(each)),
            path,
          ).to.deep.equal([]);
          const width = await page.evaluate<number>('document.documentElement.scrollWidth');
          expect(width, `${path}: no scrolling sideways`).to.be.at.most(view.width);
          const broken = await page.evaluate<readonly string[]>(wordsOnTwoLines);
          expect(broken, `${path}: short words of a table that a long one breaks`).to.deep.equal([]);
        }
      });
  });

  it('is shown as a visible name that can be pressed, when it is blank, has no width or turns the text', async () => {
    const { origin, add, actions, store } = await serveConsole();
    const names = {
      '   ': '\\u0020\\u0020\\u0020',
      '\u00a0': '\\u00a0',
      '\u200b\u2060': '\\u200b\\u2060',
      '\u3164': '\\u3164',
      '\u202e\u2066': '\\u202e\\u2066',
      'cr\u200bm': 'cr\\u200bm',
    };
    const ids: string[] = [];
    // Events of other programs may hold names that a command refuses.
    for (const name of Object.keys(names)) {
      const { id } = await add({ type: 'webhook' });
      await store.append(`actions.target-default.${id}`, [{ type: 'target.changed', data: { name } }]);
      ids.push(id);
    }
    await actions.whenApplied(await store.head?.());
    await actions.executions.set({ event: { all: true } }, ids);
    for (const view of views.slice(0, 2))
      await visit(origin, view, async (page) => {
        for (const [place, text] of Object.values(names).entries()) {
          for (const path of ['#/targets', '#/explain?kind=event&name=order.placed', '#/executions/event']) {
            await goTo(page, path);
            await page.getByRole('link', { name: text, exact: true }).first().waitFor();
          }
          await goTo(page, '#/targets');
          await page.getByRole('link', { name: text, exact: true }).click();
          await page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor();
          expect(page.url()).to.include(ids[place]);
        }
      });
    for (const [place, name] of Object.keys(names).entries())
      expect((await actions.targets.get(ids[place] ?? '')).name, 'as it is stored').to.equal(name);
  });

  it('is rendered by a rehearsal, and a long body is shown in parts', async () => {
    const { origin, add, actions } = await serveConsole();
    const { id } = await add({ name: 'policy', type: 'requestResponse' });
    await actions.executions.set({ event: { all: true } }, [id]);
    await visit(origin, { path: '#/explain?kind=event&name=order.placed' }, async (page) => {
      await page
        .getByLabel('Event data, as JSON')
        .fill(JSON.stringify({ text: `${script}${'x'.repeat(900_000)}` }));
      await page.getByRole('button', { name: 'Render the requests' }).click();
      const more = page.getByRole('button', { name: /^Show all / });
      await more.waitFor();
      const body = page.getByRole('region', { name: 'Body', exact: true });
      await passes(async () => expect((await body.textContent())?.length).to.be.below(30_000));
      await more.click();
      await more.waitFor({ state: 'detached' });
      await passes(async () => expect((await body.textContent())?.length).to.be.above(900_000));
      await passes(async () => expect(await page.locator('main img').count()).to.equal(0));
    });
  });
});
