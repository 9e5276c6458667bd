import { expect } from 'chai';
import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { authenticate } from '../../zitadel/openService.js';
import { listen } from '../../support/listen.js';
import { passes } from '../../support/conditions.js';
import { button, field, goTo, hands, heading, useBrowser, visit } from './browsing.js';
import { serveShop } from './servedConsole.js';

const changes = /^(?:Add|Change|Set|Rotate|Pause|Resume|Remove|Replay|Discard|Call|Choose)/;

/** The buttons that change something. */
const changesOf = async (page: Page): Promise<readonly string[]> =>
  (await page.getByRole('button').allInnerTexts()).filter((name) => changes.test(name));

describe('the permissions in the console', () => {
  useBrowser();

  for (const [how, press] of hands)
    it(`signs in with a token and out again ${how}`, async () => {
      const { origin } = await serveShop();
      await visit(origin, { token: null }, async (page) => {
        await heading(page, 'Sign in').waitFor();
        await field(page, 'Token').fill('wrong');
        await press(page, button(page, 'Sign in'));
        await page.getByText('does not accept this token').waitFor();
        await field(page, 'Token').fill('all');
        await press(page, button(page, 'Sign in'));
        await page.getByRole('navigation', { name: 'Pages' }).waitFor();
        await page.getByText('ann').waitFor();
        expect(page.url(), 'no token in the address').not.to.include('all');
        expect(await page.evaluate('[localStorage.length, document.cookie]')).to.deep.equal([0, '']);
        await press(page, button(page, 'Sign out'));
        await heading(page, 'Sign in').waitFor();
        expect(await page.evaluate('sessionStorage.length')).to.equal(0);
      });
    });

  it('shows a reader everything, without a button that changes anything', async () => {
    const { origin, policy, crm } = await serveShop();
    const paths = [
      ['', 'Overview'],
      ['#/targets', 'Targets'],
      [`#/targets/${policy.id}`, 'order policy'],
      [`#/targets/${crm.id}`, 'crm sync'],
      ['#/executions', 'Executions'],
      ['#/executions/event%2Forder.*', 'event/order.*'],
      ['#/explain?kind=event&name=order.placed', 'Explain'],
      ['#/calls', 'Calls'],
      ['#/deliveries', 'Deliveries'],
    ] as const;
    await visit(origin, { token: 'reader' }, async (page) => {
      for (const [path, title] of paths) {
        await goTo(page, path);
        await heading(page, title).waitFor();
        await page.locator('.loading').first().waitFor({ state: 'detached' });
        await passes(async () => expect(await changesOf(page), path).to.deep.equal([]));
      }
    });
  });

  it('shows each writer only the buttons that the permissions of the writer allow', async () => {
    const { origin, policy } = await serveShop();
    const shows = (token: string, path: string, ...names: readonly string[]) =>
      visit(origin, { path, token }, async (page) => {
        await page.locator('section').first().waitFor();
        await page.locator('.loading').first().waitFor({ state: 'detached' });
        await passes(async () => expect(await changesOf(page)).to.deep.equal(names));
      });
    const target = `#/targets/${policy.id}`;
    await shows('but action.target.delete', target, 'Change', 'Rotate key');
    await shows('but action.target.write', target, 'Remove');
    await shows('but action.execution.write', '#/executions');
    await shows('but action.execution.write', '#/targets', 'Add a target');
  });

  it('names no page that the operator may not read', async () => {
    const { origin } = await serveShop();
    await visit(origin, { token: 'only action.execution.read', path: '#/executions' }, async (page) => {
      const pages = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
      await heading(page, 'Executions').waitFor();
      await passes(async () =>
        expect(await pages.allInnerTexts()).to.deep.equal(['Executions', 'Explain', 'Calls']),
      );
      await goTo(page, '#/calls');
      await page.getByText('Live', { exact: true }).waitFor();
      await passes(async () =>
        expect(await page.getByText('Last hour').count(), 'plots are of targets').to.equal(0),
      );
      await goTo(page, '#/explain?kind=event&name=order.placed');
      await page.getByRole('region', { name: 'Executions that could apply' }).waitFor();
      await passes(async () =>
        expect(await page.getByText('Rehearse').count(), 'so are requests').to.equal(0),
      );
      await passes(async () => expect(await page.locator('.notice.bad').count()).to.equal(0));
    });
  });

  it('asks the user to sign in again when the token is no longer accepted, and keeps the typed input', async () => {
    let isExpired = false;
    const { origin, policy, actions } = await serveShop(
      {},
      {
        authenticate: (headers) =>
          isExpired && headers.get('authorization') === 'Bearer all' ? undefined : authenticate(headers),
      },
    );
    await visit(origin, { path: `#/targets/${policy.id}` }, async (page) => {
      await button(page, 'Change').click();
      await field(page, 'Name').fill('typed before');
      isExpired = true;
      await button(page, 'Save').click();
      await page.getByRole('heading', { name: 'Sign in again' }).waitFor();
      await field(page, 'Token').fill('but action.target.delete');
      await button(page, 'Sign in').click();
      await page.getByRole('heading', { name: 'Sign in again' }).waitFor({ state: 'detached' });
      await passes(async () => expect(await field(page, 'Name').inputValue()).to.equal('typed before'));
      await button(page, 'Save').click();
      await heading(page, 'typed before').waitFor();
    });
    expect((await actions.targets.get(policy.id)).name).to.equal('typed before');
  });

  it('refuses a change that a page of another origin sends', async () => {
    const { origin, policy, actions, answered } = await serveShop();
    const port = await listen(
      createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>elsewhere</h1>');
      }),
    );
    const elsewhere = `http://127.0.0.1:${port}`;
    const target = `${origin}/api/targets/${policy.id}/remove`;
    await visit(elsewhere, { token: null, also: origin }, async (page) => {
      const sent = await page.evaluate(
        async ([url = '', ...inits]) => {
          const ends: string[] = [];
          for (const init of inits)
            ends.push(
              await fetch(url, JSON.parse(init) as RequestInit).then(
                () => 'answered',
                () => 'refused',
              ),
            );
          return ends;
        },
        [
          target,
          { mode: 'no-cors', headers: { 'content-type': 'text/plain' } },
          {
            headers: {
              'content-type': 'application/json',
              'x-actions-console': '1',
              authorization: 'Bearer all',
            },
          },
        ].map((each) =>
          typeof each === 'string'
            ? each
            : JSON.stringify({ method: 'POST', body: '{"revision":"1"}', ...each }),
        ),
      );
      expect(sent).to.deep.equal(['refused', 'refused']);
    });
    const path = new URL(target).pathname;
    expect(answered, 'the second was not even sent').to.include(`403 POST ${path}`).and.have.length(2);
    expect((await actions.targets.get(policy.id)).name).to.equal('order policy');
  });
});
