import { expect } from 'chai';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline/promises';
import { closeAfterTest } from '../../support/closings.js';
import { startProgram, useProgram } from './program.js';
import { runHere } from './runHere.js';
import { openPlace } from './stores.js';

const pem = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();

/** A store with a target that signs and encrypts, and all keys in files. */
async function openSender() {
  const { env, file } = await openPlace('SQLite');
  const keep = (name: string, content: unknown): string => {
    writeFileSync(file(name), typeof content === 'string' ? content : JSON.stringify(content));
    return file(name);
  };
  const sender = generateKeyPairSync('ed25519');
  const reader = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = sender.publicKey.export({ format: 'jwk' });
  const files = {
    jwtKeys: keep('jwt.json', { activeKeyID: 'a', keys: { a: pem(sender.privateKey) } }),
    jwks: keep('jwks.json', { keys: [{ ...jwk, kid: 'a', alg: 'EdDSA', use: 'sig' }] }),
    otherJwks: keep('other.json', { keys: [{ ...jwk, kid: 'b', alg: 'EdDSA', use: 'sig' }] }),
    public: keep('public.pem', pem(reader.publicKey)),
    private: keep('private.pem', pem(reader.privateKey)),
    privateJWK: keep('private.json', reader.privateKey.export({ format: 'jwk' })),
    other: keep('other.pem', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)),
  };
  const all = { ...env, EVENTSTORE_ACTIONS_JWT_KEYS: files.jwtKeys };
  const run = async (...parameters: string[]) => {
    const { status, stdout, stderr } = await runHere([...parameters, '--json'], all);
    expect([status, stderr], parameters.join(' ')).to.deep.equal([0, '']);
    return JSON.parse(stdout) as Record<string, string>;
  };
  const added = await run(
    'targets',
    'add',
    '--name',
    'desk',
    '--type',
    'webhook',
    '--endpoint',
    'https://desk.example/',
  );
  await run('targets', 'keys', 'add', 'desk', files.public, '--id', '2030');
  await run('targets', 'keys', 'activate', 'desk', '2030');
  await run('executions', 'set', 'event', 'desk');
  return { env: all, files, run, signingKey: added['signingKey'] ?? '' };
}

type Sender = Awaited<ReturnType<typeof openSender>>;

/** Listens for one call, makes it with `payloadType`, and returns the printed text. */
async function received(
  { run, signingKey }: Sender,
  payloadType: string,
  { options = [], env = {} }: { options?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<Record<string, unknown>> {
  const listening = startProgram(['listen', '--port', '0', '--count', '1', '--json', ...options], {
    env: { ...env, EVENTSTORE_ACTIONS_SIGNING_KEY: signingKey },
  });
  const ended = once(listening, 'close') as Promise<[number]>;
  const shown = once(createInterface({ input: listening.stdout! }), 'line') as Promise<[string]>;
  const [line] = (await once(createInterface({ input: listening.stderr! }), 'line')) as [string];
  const { port } = (JSON.parse(line) as { listening: { port: number } }).listening;
  await run(
    'targets',
    'change',
    'desk',
    '--payload-type',
    payloadType,
    '--endpoint',
    `http://127.0.0.1:${port}/`,
  );
  await run('fire', 'event/order.placed', '--send');
  expect((await ended)[0]).to.equal(0);
  return JSON.parse((await shown)[0]) as Record<string, unknown>;
}

const codeOf = ({ error }: Record<string, unknown>) => (error as { code: string } | undefined)?.code;

describe('listen', () => {
  useProgram();

  it('verifies a jwt by a key set in a file, by the key file of the sender, and by an address', async () => {
    const sender = await openSender();
    const { files } = sender;
    const published = createServer((_request, response) => {
      response.setHeader('content-type', 'application/jwk-set+json');
      response.end(readFileSync(files.jwks));
    }).listen(0, '127.0.0.1');
    closeAfterTest(
      () =>
        new Promise<void>((resolve) =>
          published.close(() => {
            resolve();
          }),
        ),
    );
    await once(published, 'listening');
    const address = `http://127.0.0.1:${(published.address() as AddressInfo).port}/jwks`;
    for (const how of [
      { options: ['--jwks', files.jwks] },
      { options: ['--jwks', address] },
      { env: { EVENTSTORE_ACTIONS_JWT_KEYS: files.jwtKeys } },
    ]) {
      const call = await received(sender, 'jwt', how);
      expect(call).to.include({ kind: 'event', payloadType: 'jwt', rehearsal: true });
      expect(call['payload']).to.include({ event_type: 'order.placed' });
    }
    expect(codeOf(await received(sender, 'jwt')), 'without a key set').to.equal('INVALID_SIGNATURE');
    const other = await received(sender, 'jwt', { options: ['--jwks', files.otherJwks] });
    expect(codeOf(other), 'with the key of another target').to.equal('INVALID_SIGNATURE');
  }).timeout(120_000);

  it('decrypts a jwe with a private key as PEM or JWK', async () => {
    const sender = await openSender();
    const { files } = sender;
    const jwks = ['--jwks', files.jwks];
    for (const path of [files.private, files.privateJWK]) {
      const call = await received(sender, 'jwe', { options: [...jwks, '--private-key', `2030=${path}`] });
      expect(call).to.include({ kind: 'event', payloadType: 'jwe' });
      expect(call['payload']).to.include({ event_type: 'order.placed' });
    }
    for (const options of [
      jwks,
      [...jwks, '--private-key', `2031=${files.private}`],
      [...jwks, '--private-key', `2030=${files.other}`],
      ['--private-key', `2030=${files.private}`],
    ])
      expect(codeOf(await received(sender, 'jwe', { options })), options.join(' ')).to.equal(
        'INVALID_SIGNATURE',
      );
  }).timeout(120_000);

  it('goes on with json, with any keys', async () => {
    const sender = await openSender();
    const { files } = sender;
    const options = ['--jwks', files.jwks, '--private-key', `2030=${files.private}`];
    expect(await received(sender, 'json', { options })).to.include({ kind: 'event', payloadType: 'json' });
  });

  it('does not start with unusable options, and shows no part of a key', async () => {
    const { files, env, signingKey } = await openSender();
    const listen = (...options: string[]) =>
      runHere(['listen', '--json', ...options], { ...env, EVENTSTORE_ACTIONS_SIGNING_KEY: signingKey });
    const refused: readonly (readonly [status: number, says: string, options: readonly string[]])[] = [
      [2, '<id>=<file>', ['--private-key', files.private]],
      [1, 'cannot be read', ['--private-key', '2030=/nowhere.pem']],
      [1, 'decryption key \\"2030\\"', ['--private-key', `2030=${files.public}`]],
      [1, 'is not JSON', ['--jwks', files.private]],
      [1, 'jwks has to be', ['--jwks', files.privateJWK]],
      [2, '400 to 499', ['--refuse', '500']],
      [2, 'cannot be used with', ['--refuse', '403', '--amend', files.jwks]],
      [2, 'from 0 to 65535', ['--port', '70000']],
      [2, 'from 0 to 65535', ['--port', 'http']],
    ];
    for (const [status, says, options] of refused) {
      const run = await listen(...options);
      expect(run, options.join(' ')).to.include({ status, stdout: '' });
      expect(run.stderr).to.include(says).and.not.include('PRIVATE').and.not.include('"d"');
    }
  });

  it('says which port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    closeAfterTest(
      () =>
        new Promise<void>((resolve) =>
          taken.close(() => {
            resolve();
          }),
        ),
    );
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const run = await runHere([
      'listen',
      '--port',
      String(port),
      '--signing-key',
      `whsec_${'A'.repeat(43)}=`,
    ]);
    expect(run.status).to.equal(1);
    expect(run.stderr).to.equal(
      `error: port ${port} of 127.0.0.1 is in use; name another with --port, or 0 for any free port\n`,
    );
  });

  for (const [what, headers] of [
    ['unsigned', {}],
    ['signed by another key', { 'zitadel-signature': `t=1,v1=${'0'.repeat(64)}` }],
  ] as const)
    it(`keeps none of the pieces of a body that comes in bytes, ${what}, and goes on`, async () => {
      const { env, signingKey } = await openSender();
      const listening = startProgram(['listen', '--port', '0', '--json'], {
        env: { ...env, EVENTSTORE_ACTIONS_SIGNING_KEY: signingKey, NODE_OPTIONS: '--max-old-space-size=48' },
      });
      closeAfterTest(async () => {
        const ended = once(listening, 'close');
        listening.kill('SIGTERM');
        await ended;
      });
      const [line] = (await once(createInterface({ input: listening.stderr! }), 'line')) as [string];
      const { port } = (JSON.parse(line) as { listening: { port: number } }).listening;
      for (let times = 0; times < 2; times++) expect(await statusOfPieces(port, headers)).to.equal('401');
    }).timeout(120_000);
});

/** The status of the answer to a body of 500 000 chunks of one byte: kept one by one they would not fit. */
function statusOfPieces(port: number, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const pieces = '1\r\nx\r\n'.repeat(10_000);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST / HTTP/1.1\r\nhost: a\r\n${lines.join('')}transfer-encoding: chunked\r\n\r\n`);
    let left = 50;
    const send = () => {
      while (left > 0) {
        left -= 1;
        if (!socket.write(pieces)) return;
      }
      socket.off('drain', send).write('0\r\n\r\n');
    };
    socket.on('drain', send).on('error', reject);
    socket.on('data', (answer: Buffer) => {
      resolve(answer.toString('latin1').split(' ')[1] ?? '');
      socket.destroy();
    });
    socket.on('close', () => {
      reject(new Error('the connection was closed without an answer'));
    });
    send();
  });
}
