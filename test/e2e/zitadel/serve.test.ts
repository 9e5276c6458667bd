import { createClient } from '@connectrpc/connect';
import { createClientFor } from '@zitadel/client';
import { createServerTransport } from '@zitadel/client/node';
import { ActionService as PublishedService } from '@zitadel/proto/zitadel/action/v2beta/action_service_pb.js';
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { ActionService } from '../../../src/zitadel/generated/action_v2_pb.js';
import { serverCertificate, testAuthority } from '../../support/certificates.js';
import { runHere, runInterrupted } from '../cli/runHere.js';
import { useProgram } from '../cli/program.js';
import { curl, digestOf, openServed, writeTokens } from './servedStore.js';

const token = ['--header', 'authorization: Bearer all'] as const;
const json = (document: unknown) =>
  ['--header', 'content-type: application/json', '--data', JSON.stringify(document)] as const;
const target = (name: string) => ({
  name,
  restWebhook: { interruptOnError: true },
  timeout: '10s',
  endpoint: 'https://example.com/hooks/ip_check',
});

describe('eventstore-actions serve', () => {
  useProgram();

  it('serves the curl lines of the documentation, and gRPC on the same port', async () => {
    const { serve } = await openServed();
    const { port, process, exited } = await serve();
    const at = (path: string) => `http://127.0.0.1:${port}${path}`;
    const { status, body } = await curl(
      ...token,
      ...json(target('ip_allow_list')),
      at('/v2/actions/targets'),
    );
    expect(status).to.equal(200);
    expect(body).to.have.all.keys('id', 'creationDate', 'signingKey');
    expect(body.id).to.match(/^[1-9]\d{17}$/);
    const found = await curl(...token, at(`/v2/actions/targets/${body.id}`));
    expect(found.body).to.have.nested.property('target.restWebhook.interruptOnError', true);
    const set = await curl(
      '--request',
      'PUT',
      ...token,
      ...json({
        condition: { request: { method: '/zitadel.user.v2.UserService/AddHumanUser' } },
        targets: [body.id],
      }),
      at('/v2/actions/executions'),
    );
    expect(set.body).to.have.property('setDate');
    const listed = await curl(...token, ...json({}), at('/v2/actions/executions/search'));
    expect(listed.body).to.have.nested.property('executions[0].targets').deep.equal([body.id]);
    expect(await curl(at('/v2/actions/targets/1'))).to.deep.include({ status: 401 });
    const gone = await curl('--request', 'DELETE', ...token, at(`/v2/actions/targets/${body.id}`));
    expect(gone.body).to.have.property('deletionDate');

    const grpc = createServerTransport('all', { baseUrl: `http://127.0.0.1:${port}` });
    const { targets } = await createClientFor(PublishedService)(grpc).listTargets({});
    expect(targets).to.deep.equal([]);
    process.kill('SIGTERM');
    expect(await exited).to.be.oneOf([0, 130]);
  });

  it('answers the curl lines of the guide', async () => {
    const { serve } = await openServed();
    const { port } = await serve();
    const [, lines = ''] =
      /```sh curl\n([^`]+)```/.exec(readFileSync('docs/guides/zitadel.md', 'utf8')) ?? [];
    const env = { ...process.env, BASE: `http://127.0.0.1:${port}`, TOKEN: 'all', NO_PROXY: '*' };
    const { stdout } = await promisify(execFile)('bash', ['-euc', lines], { env, timeout: 60_000 });
    const answers = stdout.replaceAll('}{', '}\n{').split('\n');
    expect(answers).to.have.length(3);
    expect(JSON.parse(answers[1] ?? '')).to.have.nested.property('targets[0].name', 'ip_allow_list');
  });

  it('starts by the lines of the guide, typed into an empty folder', async () => {
    const { file, serve } = await openServed();
    const [, lines = ''] =
      /```sh serve\n([^`]+)```/.exec(readFileSync('docs/guides/zitadel.md', 'utf8')) ?? [];
    const start = 'npx eventstore-actions serve';
    expect(lines).to.include(start);
    // The lines before the program, which the test starts itself.
    const script = `cd "$FOLDER"\n${lines.slice(0, lines.indexOf(start))}printf %s "$TOKEN"`;
    const { stdout: bearer } = await promisify(execFile)('bash', ['-euc', script], {
      env: { ...process.env, FOLDER: dirname(file('keyring.json')) },
      timeout: 60_000,
    });
    const { port } = await serve('--keyring', file('keyring.json'), '--token-file', file('tokens.json'));
    const { status, body } = await curl(
      '--header',
      `authorization: Bearer ${bearer}`,
      ...json(target('ip_allow_list')),
      `http://127.0.0.1:${port}/v2/actions/targets`,
    );
    expect(status, JSON.stringify(body)).to.equal(200);
  });

  it('serves REST and gRPC on one TLS port', async () => {
    const { serve, file } = await openServed();
    for (const [name, content] of Object.entries({ ...serverCertificate, ca: testAuthority }))
      writeFileSync(file(`${name}.pem`), content);
    const { port } = await serve('--tls-cert', file('cert.pem'), '--tls-key', file('key.pem'));
    const base = `https://127.0.0.1:${port}`;
    const created = await curl(
      '--cacert',
      file('ca.pem'),
      ...token,
      ...json(target('crm')),
      `${base}/v2/actions/targets`,
    );
    expect(created.status).to.equal(200);
    const transport = createServerTransport('all', { baseUrl: base, nodeOptions: { ca: testAuthority } });
    const { targets } = await createClient(ActionService, transport).listTargets({});
    expect(targets.map(({ name }) => name)).to.deep.equal(['crm']);
  });

  it('finds at once in one process a target that another process has just written', async () => {
    const { serve } = await openServed();
    const [first, second] = [await serve(), await serve()];
    const clients = [first, second].map(({ port }) =>
      createClient(ActionService, createServerTransport('all', { baseUrl: `http://127.0.0.1:${port}` })),
    );
    for (let round = 0; round < 10; round++) {
      const [writer, reader] = round % 2 === 0 ? clients : clients.toReversed();
      const created = await writer!.createTarget({
        name: `target ${round}`,
        endpoint: 'https://example.com/',
        targetType: { case: 'restAsync', value: {} },
      });
      const { target: read } = await reader!.getTarget({ id: created.id });
      expect(read?.creationDate).to.deep.equal(created.creationDate);
      const { changeDate } = await reader!.updateTarget({ id: created.id, endpoint: 'https://example.org/' });
      expect((await writer!.getTarget({ id: created.id })).target?.changeDate).to.deep.equal(changeDate);
    }
  });

  it('reads the token file again when the file changes, and refuses every call while other users can read the file', async () => {
    const { serve, tokenFile } = await openServed();
    const { port, stderr } = await serve();
    const statusFor = async (bearer: string) =>
      (
        await curl(
          '--header',
          `authorization: Bearer ${bearer}`,
          `http://127.0.0.1:${port}/v2/actions/executions/methods`,
        )
      ).status;
    expect([await statusFor('all'), await statusFor('al'), await statusFor('other')]).to.deep.equal([
      200, 401, 401,
    ]);
    writeTokens(tokenFile, [{ sha256: digestOf('other'), permissions: [] }]);
    expect([await statusFor('all'), await statusFor('other')]).to.deep.equal([401, 200]);
    chmodSync(tokenFile, 0o644);
    expect(await statusFor('other')).to.equal(401);
    chmodSync(tokenFile, 0o600);
    expect(await statusFor('other')).to.equal(200);
    expect(stderr.filter((line) => line.includes('chmod 600'))).to.have.length(1);
  });

  it('says that it creates a store, once', async () => {
    const { env, tokenFile, file } = await openServed();
    const store = `sqlite:${file('new.db')}`;
    const parameters = ['serve', '--port', '0', '--token-file', tokenFile, '--store', store];
    const first = await runInterrupted(['serving on', 'SIGINT'], parameters, env);
    expect(first.status).to.equal(0);
    expect(first.stderr).to.match(/^created the new store "[^"]+new\.db"\nserving on /);
    const second = await runInterrupted(['serving on', 'SIGINT'], parameters, env);
    expect(second.status).to.equal(0);
    expect(second.stderr).to.match(/^serving on /);
  });

  it('refuses to listen beyond loopback without TLS and tokens', async () => {
    const { env, tokenFile, file } = await openServed();
    const refusals = [
      ['serve', '--port', '0'],
      ['serve', '--port', '0', '--host', '0.0.0.0', '--token-file', tokenFile],
      ['serve', '--port', '0', '--host', 'localhost.example', '--token-file', tokenFile],
      ['serve', '--port', '0', '--host', '::', '--tls-cert', file('cert.pem'), '--tls-key', file('key.pem')],
      ['serve', '--port', '0', '--token-file', tokenFile, '--tls-cert', file('cert.pem')],
    ];
    for (const parameters of refusals)
      expect((await runHere(parameters, env)).status, parameters.join(' ')).to.equal(2);
    writeFileSync(tokenFile, '{"tokens":[{"sha256":"x","permissions":[]}]}');
    const { status, stderr } = await runHere(['serve', '--port', '0', '--token-file', tokenFile], env);
    expect(status).to.equal(1);
    // The members of the file, which are no flags.
    expect(stderr).to.include('{ tokens: [{ sha256, permissions, instanceID?, userID? }] }');
  });
});
