import { expect } from 'chai';
import type { AddedTarget, Target } from '../../../src/console/wire/targets.js';
import type { DeliveryPage } from '../../../src/console/wire/deliveries.js';
import { follow } from '../../console/openConsole.js';
import { useProgram } from '../cli/program.js';
import { openServed, digestOf, writeTokens } from '../zitadel/servedStore.js';

const change = { 'content-type': 'application/json', 'x-actions-console': '1' };

describe('eventstore-actions serve --console', () => {
  useProgram();

  async function openPage(...parameters: readonly string[]) {
    const served = await openServed();
    writeTokens(served.tokenFile, [
      {
        sha256: digestOf('all'),
        permissions: ['action.target.read', 'action.target.write', 'action.execution.read'],
        userID: 'ann',
      },
      { sha256: digestOf('reader'), permissions: ['action.target.read'] },
    ]);
    const opened = await served.serve('--console', ...parameters);
    const ask = async (path: string, token: string | undefined, body?: unknown) => {
      const answer = await fetch(`http://127.0.0.1:${opened.port}${path}`, {
        redirect: 'manual',
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && change),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };
    return { ...served, ...opened, ask };
  }

  it('serves the page, its files and nothing of another origin beside the ActionService', async () => {
    const { ask } = await openPage();
    const page = await ask('/console/', undefined);
    expect(page.status).to.equal(200);
    expect(page.headers.get('content-security-policy')).to.include("script-src 'self'");
    const markup = page.text;
    const named = [...markup.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name = '']) => name);
    expect(named).not.to.have.length(0);
    for (const name of named) {
      expect(name, 'relative, so that it works wherever it is mounted').to.match(/^(?:\.\/)?[\w.-]+/);
      expect((await ask(`/console/${name.replace('./', '')}`, undefined)).status, name).to.equal(200);
    }
    expect(markup).not.to.match(/<script(?![^>]*src=)/);
    expect((await ask('/console', undefined)).headers.get('location')).to.equal('./console/');
    expect((await ask('/v2/actions/executions/functions', 'all')).status).to.equal(200);
    expect((await ask('/', undefined)).status).to.equal(404);
  });

  it('admits the tokens of the file, each with its permissions, and writes their changes', async () => {
    const { ask, port, process, exited } = await openPage();
    expect((await ask('/console/api/session', undefined)).status).to.equal(401);
    expect((await ask('/console/api/session', 'other')).status).to.equal(401);
    const target = { name: 'crm', type: 'webhook', endpoint: 'https://crm.example/' };
    expect((await ask('/console/api/targets', 'reader', target)).status).to.equal(403);
    const added = JSON.parse((await ask('/console/api/targets', 'all', target)).text) as AddedTarget;
    expect(added.id).to.match(/^[1-9]\d{17}$/);
    const shown = JSON.parse((await ask(`/console/api/targets/${added.id}`, 'reader')).text) as Target;
    expect(shown.name).to.equal('crm');
    expect((await ask(`/v2/actions/targets/${added.id}`, 'all')).status).to.equal(200);
    expect((await ask('/console/api/deliveries', 'all')).status).to.equal(404);
    const live = await follow(`http://127.0.0.1:${port}/console/api/calls/live`);
    expect(await live.next()).to.have.property('beat');
    process.kill('SIGTERM');
    expect(await exited).to.be.oneOf([0, 130]);
    expect(await live.next()).to.deep.equal({ ended: 'the console was closed' });
  });

  it('shows durable deliveries where their progress has a place', async () => {
    const served = await openServed();
    const { port } = await served.serve('--console', '--deliveries', served.file('deliveries.db'));
    const answer = await fetch(`http://127.0.0.1:${port}/console/api/deliveries/items`, {
      headers: { authorization: 'Bearer all' },
    });
    expect([answer.status, (await answer.json()) as DeliveryPage]).to.deep.equal([200, { items: [] }]);
  });

  it('is no page without --console', async () => {
    const { port } = await (await openServed()).serve();
    const answer = await fetch(`http://127.0.0.1:${port}/console/`);
    expect([answer.status, await answer.text()]).to.deep.equal([
      404,
      '{"code":5,"message":"Not Found","details":[]}',
    ]);
  });
});
