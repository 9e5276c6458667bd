import { expect } from 'chai';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { targetServer } from '../../support/targetServer.js';
import { refusal } from '../../support/answers.js';
import { closeAfterTest } from '../../support/closings.js';
import { programFile, runInTerminal, runProgram, startProgram, useProgram, type Run } from './program.js';
import { openPlace, storeKinds, type Place } from './stores.js';

const documentOf = ({ stdout, stderr, status }: Run): Record<string, unknown> => {
  expect(stderr, 'nothing for people with --json').to.equal('');
  expect(status).to.equal(0);
  return JSON.parse(stdout) as Record<string, unknown>;
};

/** Adds a target on a real endpoint, and an execution that calls it before orders are placed. */
async function setUp({ env }: Place) {
  const server = await targetServer(refusal(403, 'ask a manager'));
  closeAfterTest(() => server.close());
  const added = documentOf(
    await runProgram(
      [
        'targets',
        'add',
        '--name',
        'order policy',
        '--type',
        'webhook',
        '--endpoint',
        server.url('/orders'),
      ].concat(['--timeout', '2s', '--interrupt-on-error', '--header-env', 'x-token=TOKEN', '--json']),
      { env: { ...env, TOKEN: 'hidden' } },
    ),
  );
  documentOf(await runProgram(['executions', 'set', 'event/order.*', 'order policy', '--json'], { env }));
  return { server, id: String(added['id']), signingKey: String(added['signingKey']) };
}

describe('the built program', () => {
  useProgram();

  for (const kind of storeKinds)
    describe(`on ${kind}`, () => {
      it('adds, shows and explains, for scripts', async () => {
        const place = await openPlace(kind);
        const { env } = place;
        const { id, signingKey, server } = await setUp(place);
        expect(signingKey).to.match(/^whsec_/);

        const list = documentOf(await runProgram(['targets', 'list', '--name', 'POLICY', '--json'], { env }));
        expect(list['total']).to.equal(1);
        const explained = documentOf(await runProgram(['explain', 'event/order.placed', '--json'], { env }));
        expect(explained).to.include({ winner: 'event/order.*' });
        expect(explained['targets']).to.deep.equal([
          { id, name: 'order policy', executionID: 'event/order.*' },
        ]);
        const exported = await runProgram(['export'], { env });
        expect(exported.stdout).to.include('event/order.*').and.include('timeout: 2s');
        for (const { stdout } of [exported, await runProgram(['targets', 'show', id], { env })])
          expect(stdout).to.include('x-token').and.not.include('hidden').and.not.include('whsec_');
        expect(server.received, 'no target was called').to.deep.equal([]);
      }).timeout(120_000);

      it('rehearses: shows the calls, makes the calls on demand, and appends nothing', async () => {
        const place = await openPlace(kind);
        const { env } = place;
        const { server } = await setUp(place);
        const before = documentOf(await runProgram(['projection', 'status', '--json'], { env }));
        const dry = await runProgram(['fire', 'event/order.placed', '--data', '-'], {
          env,
          input: '{"total":3}',
        });
        expect(dry.status).to.equal(0);
        expect(dry.stdout)
          .to.include('zitadel-signature: t=')
          .and.include('actions-rehearsal: true')
          .and.include('x-token: ***')
          .and.include('"event_payload":{"total":3}')
          .and.include('"phase":"rehearsal"');
        expect(server.received).to.deep.equal([]);

        const sent = await runProgram(['fire', 'event/order.placed', '--send'], { env });
        expect(sent.stdout).to.include('refused').and.include('403').and.include('ask a manager');
        expect(
          server.received.map(({ headers }) => [headers['actions-rehearsal'], headers['x-token']]),
        ).to.deep.equal([['true', 'hidden']]);
        const after = documentOf(await runProgram(['projection', 'status', '--json'], { env }));
        expect(after['head']).to.equal(before['head']);
      }).timeout(120_000);

      it('shows, rebuilds and compares the index, in a terminal too', async () => {
        const place = await openPlace(kind);
        const { env } = place;
        await setUp(place);
        const status = documentOf(await runProgram(['projection', 'status', '--json'], { env }));
        expect(status).to.deep.include({
          connected: true,
          caughtUp: true,
          targets: 1,
          executions: 1,
          failedEvents: [],
        });
        const piped = await runProgram(['projection', 'rebuild'], { env });
        expect(piped.status).to.equal(0);
        expect(piped.stdout).to.include('no drift was found');
        expect(piped.stderr).to.match(/^100 %, \d+ events, \d+\/s\n$/);
        const live = await runInTerminal(['projection', 'verify'], { env });
        expect(live.status).to.equal(0);
        expect(live.stdout).to.include('[########################] 100 %').and.include('the index is right');
      }).timeout(120_000);
    });

  describe('in a terminal', () => {
    it('styles its tables, except where NO_COLOR is set', async () => {
      const place = await openPlace('SQLite');
      await setUp(place);
      const styled = await runInTerminal(['targets', 'list'], { env: place.env });
      expect(styled.stdout).to.include('\u001b[1mID').and.include('order policy');
      const plain = await runInTerminal(['targets', 'list'], { env: { ...place.env, NO_COLOR: '1' } });
      expect(plain.stdout).to.not.include('\u001b');
      expect(plain.stdout).to.include('1 of 1');
    });

    it('shows the difference and asks before the difference is applied', async () => {
      const place = await openPlace('SQLite');
      await setUp(place);
      const { stdout: file } = await runProgram(['export'], { env: place.env });
      const { writeFile } = await import('node:fs/promises');
      const path = place.file('actions.yaml');
      await writeFile(path, file.replace('timeout: 2s', 'timeout: 500ms'));
      const applied = (answer: string) =>
        runInTerminal(['apply', path], { env: { ...place.env, NO_COLOR: '1' } }, [['[y/N]', answer]]);
      const timeout = async () =>
        documentOf(await runProgram(['targets', 'show', 'order policy', '--json'], { env: place.env }))[
          'timeoutMs'
        ];

      const refused = await applied('n\n');
      expect(refused.stdout).to.include('~ target order policy: timeoutMs 2000 -> 500');
      expect(refused.stdout).to.include('nothing was written');
      expect(refused.status).to.equal(1);
      expect(await timeout()).to.equal(2_000);

      for (const [key, status] of [
        ['\u0003', 130],
        ['\u0004', 1],
      ] as const) {
        expect((await applied(key)).status, 'Ctrl-C, Ctrl-D').to.equal(status);
        expect(await timeout()).to.equal(2_000);
      }

      const wanted = await applied('y\n');
      expect(wanted.stdout).to.include('wrote 1 of 1 changes');
      expect(wanted.status).to.equal(0);
      expect(await timeout()).to.equal(500);
      expect((await runInTerminal(['apply', path], { env: place.env })).stdout).to.equal(
        'nothing to change\n',
      );
    }).timeout(120_000);
  });

  it('listens for calls, verifies each call and ends after the given number of calls', async () => {
    const place = await openPlace('SQLite');
    const { env } = place;
    const { signingKey } = await setUp(place);
    const listening = startProgram(
      ['listen', '--port', '0', '--count', '2', '--refuse', '409:later', '--json'],
      {
        env: { ...env, EVENTSTORE_ACTIONS_SIGNING_KEY: signingKey },
      },
    );
    const ended = once(listening, 'close') as Promise<[number]>;
    const started = (await once(createInterface({ input: listening.stderr! }), 'line')) as [string];
    const { listening: at } = JSON.parse(started[0]) as { listening: { port: number } };
    const calls: Record<string, unknown>[] = [];
    createInterface({ input: listening.stdout! }).on('line', (line) => {
      calls.push(JSON.parse(line) as Record<string, unknown>);
    });
    const endpoint = `http://127.0.0.1:${at.port}/`;
    expect((await fetch(endpoint, { method: 'POST', body: '{}' })).status).to.equal(401);
    await runProgram(['targets', 'change', 'order policy', '--endpoint', endpoint], { env });
    const fired = await runProgram(['fire', 'event/order.placed', '--send', '--json'], { env });
    expect(fired.status, 'the operation would fail').to.equal(1);
    const sent = JSON.parse(fired.stdout) as Record<string, unknown>;
    expect(sent['outcome']).to.deep.include({ kind: 'interrupted' });
    expect(sent).to.nested.include({ 'outcome.error.status': 409, 'outcome.error.message': 'later' });
    expect((await ended)[0]).to.equal(0);
    expect(calls.map(({ error, kind }) => kind ?? (error as { code: string }).code)).to.deep.equal([
      'INVALID_SIGNATURE',
      'event',
    ]);
    expect(calls[1]).to.include({ rehearsal: true });
  }).timeout(120_000);

  it('ends quietly when the reader of its output has gone', async () => {
    const child = startProgram(['--help']);
    child.stdout!.destroy();
    const [stderr, [status]] = await Promise.all([
      text(child.stderr!),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    expect([status, stderr]).to.deep.equal([0, '']);
  });

  it('ends with one line when its output cannot be written', async () => {
    const { env } = await openPlace('SQLite');
    const add = [
      'targets',
      'add',
      '--name',
      'crm',
      '--type',
      'webhook',
      '--endpoint',
      'https://crm.example/',
    ];
    expect((await runProgram(add, { env })).status).to.equal(0);
    // A file that is open for reading only refuses writes, as a full disk does.
    const stdout = openSync(programFile(), 'r');
    for (const parameters of [
      ['--help'],
      ['help', 'targets'],
      ['completion', 'bash'],
      ['export'],
      ['targets', 'list', '--json'],
    ]) {
      const child = startProgram(parameters, { env, stdout });
      child.stdin!.end();
      const [stderr, [status]] = await Promise.all([
        text(child.stderr!),
        once(child, 'close') as Promise<[number | null]>,
      ]);
      const message = 'stdout cannot be written (EBADF); what was done so far stays';
      const isJSON = parameters.includes('--json');
      expect([status, stderr], parameters.join(' ')).to.deep.equal([
        1,
        isJSON ? `${JSON.stringify({ error: { code: 'FAILED', message } })}\n` : `error: ${message}\n`,
      ]);
    }
    closeSync(stdout);
  }).timeout(120_000);

  it('ends in order when the terminal interrupts the program', async () => {
    const listening = startProgram(['listen', '--port', '0', '--signing-key', `whsec_${'A'.repeat(43)}=`]);
    const ended = once(listening, 'close') as Promise<[number | null]>;
    await once(createInterface({ input: listening.stderr! }), 'line');
    listening.kill('SIGINT');
    expect((await ended)[0]).to.equal(0);
  });
});
