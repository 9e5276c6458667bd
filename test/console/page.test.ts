import { expect } from 'chai';
import express from 'express';
import { createServer } from 'node:http';
import { createConsoleOf } from '../../src/console/console.js';
import { takeBasePath } from '../../src/console/serving/basePath.js';
import { isActionsError } from '../../src/index.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions } from '../support/openActions.js';
import { authenticate } from '../zitadel/openService.js';
import { listen } from '../support/listen.js';
import { openConsole, pageOfTests } from './openConsole.js';

describe('the files of the console', () => {
  it('are the page at the path itself, and its files by their names', async () => {
    const { url } = await openConsole();
    const page = await fetch(url('/'));
    expect(page.status).to.equal(200);
    expect(page.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(await page.text()).to.include('<title>console</title>');
    for (const [path, type] of [
      ['/app.js', 'text/javascript; charset=utf-8'],
      ['/app.css', 'text/css; charset=utf-8'],
      ['/parts/plots.js', 'text/javascript; charset=utf-8'],
    ] as const) {
      const file = await fetch(url(path));
      expect([file.status, file.headers.get('content-type')], path).to.deep.equal([200, type]);
      await file.text();
    }
  });

  it('are no other files of the machine, and none of an unknown type', async () => {
    const { url } = await openConsole();
    for (const path of [
      '/notes.map',
      '/missing.js',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/package.json',
      '/parts',
      '/parts/',
      '//app.js',
      '/__proto__',
    ])
      expect((await fetch(url(path))).status, path).to.equal(404);
    expect((await fetch(url('/app.js'), { method: 'POST' })).status).to.equal(405);
  });

  it('are revalidated at each request, and sent once', async () => {
    const { url } = await openConsole();
    const first = await fetch(url('/app.js'));
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).to.equal('no-cache');
    expect((await fetch(url('/app.js'), { headers: { 'if-none-match': etag } })).status).to.equal(304);
    const head = await fetch(url('/app.js'), { method: 'HEAD' });
    expect([head.status, await head.text()]).to.deep.equal([200, '']);
  });

  it('carry headers that forbid other scripts, loads and frames, as every answer does', async () => {
    const { url } = await openConsole();
    for (const path of ['/', '/app.js', '/missing', '/api/session', '/api/missing']) {
      const { headers } = await fetch(url(path));
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, path).to.include("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy, path).to.include("frame-ancestors 'none'");
      expect(policy, path).not.to.include('unsafe');
      expect(headers.get('x-content-type-options'), path).to.equal('nosniff');
      expect(headers.get('referrer-policy'), path).to.equal('no-referrer');
      if (path.startsWith('/api/')) expect(headers.get('cache-control'), path).to.equal('no-store');
    }
  });

  it('are served below a path, also when the server passes the whole URL', async () => {
    const { actions } = await openActions();
    const served = createConsoleOf(
      actions,
      { authenticate, basePath: '/ops/console/' },
      { folder: pageOfTests() },
    );
    const port = await listen(createServer(served));
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
    expect((await get('/ops/console/')).status).to.equal(200);
    expect((await get('/ops/console/api/session')).status).to.equal(401);
    const redirect = await get('/ops/console');
    expect([redirect.status, redirect.headers.get('location')]).to.deep.equal([308, './console/']);
    for (const path of ['/', '/ops', '/ops/consoles', '/app.js'])
      expect((await get(path)).status).to.equal(404);
  });

  it('are served where Express mounts the console, and other paths go on', async () => {
    const { actions } = await openActions();
    const served = createConsoleOf(actions, { authenticate }, { folder: pageOfTests() });
    const app = express();
    app.use('/console', served);
    app.use((_request, response) => {
      response.status(418).end();
    });
    const port = await listen(createServer(app));
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
    expect((await get('/console/')).status).to.equal(200);
    expect((await get('/console/app.css')).status).to.equal(200);
    expect((await get('/console')).headers.get('location')).to.equal('./console/');
    expect((await get('/other')).status).to.equal(418);
  });

  it('tell how to build a missing page', async () => {
    const { actions } = await openActions();
    const served = createConsoleOf(actions, { authenticate }, { folder: '/nowhere' });
    closeAfterTest(() => served.close());
    const port = await listen(createServer(served));
    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect([page.status, await page.text()]).to.deep.equal([
      500,
      'The page of the console was not built: npm run build\n',
    ]);
  });

  it('are served below a well-formed path only', () => {
    expect(takeBasePath('/')).to.equal('');
    expect(takeBasePath('/a/b-c/')).to.equal('/a/b-c');
    for (const wrong of ['a', '//', '/a//b', '/..', '/a b', '/%41', `/${'a'.repeat(200)}`, 7, {}])
      expect(() => takeBasePath(wrong)).to.satisfy((take: () => unknown) => {
        try {
          take();
          return false;
        } catch (error) {
          return isActionsError(error, 'INVALID_ARGUMENT');
        }
      });
  });
});

describe('the session of the console', () => {
  it("has the caller and the caller's permissions", async () => {
    const { ask } = await openConsole();
    const session = await ask<Record<string, unknown>>('session');
    expect(session.document).to.deep.include({
      userID: 'ann',
      instanceID: 'default',
      deliveries: false,
      calls: true,
    });
    expect(session.document['can']).to.deep.equal({
      readTargets: true,
      writeTargets: true,
      deleteTargets: true,
      readExecutions: true,
      writeExecutions: true,
    });
    const reader = await ask<Record<string, unknown>>('session', { token: 'reader' });
    expect(reader.document['can']).to.deep.equal({
      readTargets: true,
      writeTargets: false,
      deleteTargets: false,
      readExecutions: true,
      writeExecutions: false,
    });
    expect((await ask<Record<string, unknown>>('session', { token: 'elsewhere' })).document).to.deep.include({
      instanceID: 'elsewhere',
      userID: 'bob',
    });
    expect(await ask('session', { token: 'wrong' })).to.deep.include({
      status: 401,
      document: { code: 'UNAUTHENTICATED', message: 'the call names no valid token' },
    });
  });

  it('is refused once the console is closed', async () => {
    const { ask, served } = await openConsole();
    await served.close();
    expect((await ask<{ code: string }>('session')).document.code).to.equal('CONSOLE_CLOSED');
  });

  it('shows nothing of an error that authenticate throws', async () => {
    const { ask } = await openConsole(
      {},
      {
        authenticate() {
          throw new Error('the password of db.internal is hunter2');
        },
      },
    );
    expect(await ask('session')).to.deep.include({
      status: 500,
      document: { code: 'INTERNAL', message: 'the request failed; it may be sent again' },
    });
  });
});
