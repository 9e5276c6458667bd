import { expect } from 'chai';
import type { Server } from 'node:http';
import { createInterface } from 'node:readline/promises';
import { createActionServer, createActionService } from '../../../src/zitadel/index.js';
import { authenticate } from '../../zitadel/openService.js';
import { closeAfterTest } from '../../support/closings.js';
import { openActions } from '../../support/openActions.js';
import { runHere } from '../cli/runHere.js';
import { startProgram, useProgram } from '../cli/program.js';
import { openServed } from './servedStore.js';

async function openProcess() {
  const opened = await openActions();
  const { server, close } = createActionServer(createActionService(opened.actions, { authenticate }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(close);
  await opened.call({ request: { all: true } }, { type: 'webhook', name: 'crm' });
  const { port } = server.address() as { readonly port: number };
  const cut = () => {
    (server as unknown as Pick<Server, 'closeAllConnections'>).closeAllConnections();
  };
  return { ...opened, cut, url: `http://127.0.0.1:${port}` };
}

describe('eventstore-actions calls', () => {
  useProgram();

  it('follows the calls of a served process until the command is interrupted', async () => {
    const { actions, url } = await openProcess();
    await actions.request('/a.S/A', {});
    const program = startProgram(['calls', '--json', '--follow', '--url', url], {
      env: { EVENTSTORE_ACTIONS_TOKEN: 'all' },
    });
    const exited = new Promise<number | null>((resolve) => program.once('exit', resolve));
    const lines = createInterface({ input: program.stdout! })[Symbol.asyncIterator]();
    const next = async () => JSON.parse(String((await lines.next()).value)) as Record<string, unknown>;
    expect(await next()).to.include({ condition: 'request/a.S/A', verdict: 'passed', name: 'crm' });
    await actions.request('/a.S/B', {});
    expect(await next()).to.include({ condition: 'request/a.S/B' });
    program.kill('SIGTERM');
    expect(await exited).to.be.oneOf([0, 130, 143]);
  });

  for (const [what, end] of Object.entries<(opened: Awaited<ReturnType<typeof openProcess>>) => unknown>({
    'is closed': ({ actions }) => actions.close(),
    'is cut off': ({ cut }) => cut(),
  }))
    it(`fails with a reason where the followed process ${what}`, async () => {
      const opened = await openProcess();
      await opened.actions.request('/a.S/A', {});
      const program = startProgram(['calls', '--json', '--follow', '--url', opened.url], {
        env: { EVENTSTORE_ACTIONS_TOKEN: 'all' },
      });
      const exited = new Promise<number | null>((resolve) => program.once('exit', resolve));
      let said = '';
      program.stderr?.on('data', (text: Buffer) => (said += text.toString('utf8')));
      const closed = new Promise((resolve) => program.stderr?.once('close', resolve));
      await createInterface({ input: program.stdout! })[Symbol.asyncIterator]().next();
      await end(opened);
      expect(await exited).to.equal(1);
      await closed;
      expect(said).to.include(`${opened.url} ended the calls`).and.not.include('Bearer');
    });

  it('prints no calls for a served store, since serve calls no target', async () => {
    const { serve, env } = await openServed();
    const { port } = await serve();
    const run = (token: string, ...more: readonly string[]) =>
      runHere(['calls', '--url', `http://127.0.0.1:${port}`, ...more], {
        ...env,
        EVENTSTORE_ACTIONS_TOKEN: token,
      });
    expect(await run('all')).to.include({ status: 0, stdout: '' });
    expect(await run('wrong')).to.include({ status: 1 });
    expect(await run('all', '--limit', '0')).to.include({ status: 2 });
    expect(await run('')).to.include({ status: 2 });
  });

  it('prints calls for people, without characters that steer a terminal', async () => {
    const { actions, url, call } = await openProcess();
    await call({ request: { method: '/a.S/B' } }, { type: 'webhook', name: 'a \u001b[31m name' });
    await actions.request('/a.S/B', {});
    const { stdout, status } = await runHere(['calls', '--url', url], { EVENTSTORE_ACTIONS_TOKEN: 'all' });
    expect(status).to.equal(0);
    expect(stdout).to.match(/passed {3}request\/a\.S\/B {2}a .*name {2}\d+ ms {2}200\n$/);
    expect(stdout).not.to.include('\u001b');
  });

  it('sends no token in the clear to another machine', async () => {
    const wrong = { 'http://calls.example': 'http://calls.example', 'ftp://127.0.0.1': '"ftp://127.0.0.1"' };
    const malformed = {
      nothing: '"nothing"',
      'localhost:8443': '"localhost:8443"',
      'http://127.0.0.1:99999/calls?token=CANARY': '"http://127.0.0.1:99999/calls"',
      'ftp://u:CANARY#/@orders.example': '"orders.example"',
      'https://u:CANARY@': '""',
    };
    for (const [url, says] of Object.entries({ ...wrong, ...malformed })) {
      const run = await runHere(['calls', '--url', url], { EVENTSTORE_ACTIONS_TOKEN: 'all' });
      expect(run.status, url).to.equal(2);
      expect(run.stderr).to.include(says).and.not.include('CANARY');
    }
  });
});
