import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { runHere } from './runHere.js';
import { openPlace } from './stores.js';

const pairs = ['first', 'second', 'third'].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const pems = pairs.map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' }).toString());
const [first = '', second = '', third = ''] = pems;
const jwks = pairs.map(({ publicKey }) => publicKey.export({ format: 'jwk' }));
const privateJWK = pairs[0]!.privateKey.export({ format: 'jwk' });

type Keys = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

async function openKeys() {
  const place = await openPlace('SQLite');
  const { env, file } = place;
  /** JSON is YAML, too. */
  const declared = (keys?: Keys) => {
    const target = { type: 'async', endpoint: 'https://crm.example/', ...(keys && { keys }) };
    return JSON.stringify({ targets: { crm: target }, executions: { event: ['crm'] } });
  };
  const apply = (keys: Keys | undefined, ...flags: string[]) =>
    runHere(['apply', '-', '--yes', ...flags], env, declared(keys));
  const listed = async () => {
    const { stdout } = await runHere(['targets', 'keys', 'list', 'crm', '--json'], env);
    return (JSON.parse(stdout) as { keyID: string; active: boolean; expiresAt?: number }[]).map(
      ({ keyID, active, expiresAt }) => [keyID, active, expiresAt],
    );
  };
  return { env, file, apply, declared, listed };
}

/** The lines of a plan about keys. */
const keyLines = (stdout: string) => stdout.split('\n').filter((line) => /^[-+~] key /.test(line));

describe('apply of public keys', () => {
  it('adds keys as PEM, as JWK and from files, activates a key, and is idempotent', async () => {
    const { env, file, apply, listed, declared } = await openKeys();
    writeFileSync(file('third.json'), JSON.stringify(jwks[2]));
    const keys: Keys = {
      k1: { pem: first, expires: '2999-01-31' },
      k2: { jwk: jwks[1]!, active: true },
      k3: { file: 'third.json', expires: '2999-01-31T08:00:00Z' },
    };
    writeFileSync(file('actions.yaml'), declared(keys));
    const apply1 = () => runHere(['apply', file('actions.yaml'), '--yes'], env);
    const { stdout, stderr, status } = await apply1();
    expect(status, stderr).to.equal(0);
    expect(keyLines(stdout)).to.deep.equal([
      '+ key k1 of target crm, until 2999-01-31T00:00:00.000Z',
      '+ key k2 of target crm',
      '+ key k3 of target crm, until 2999-01-31T08:00:00.000Z',
      '~ key k2 of target crm: active',
    ]);
    expect(stderr).to.include('wrote 6 of 6 changes');
    expect(await listed()).to.deep.equal([
      ['k1', false, Date.parse('2999-01-31')],
      ['k2', true, undefined],
      ['k3', false, Date.parse('2999-01-31T08:00:00Z')],
    ]);
    expect((await apply1()).stdout).to.equal('nothing to change\n');
    expect((await apply(undefined)).stdout, 'none declared').to.equal('nothing to change\n');
    for (const format of [[], ['--json']]) {
      const exported = (await runHere(['export', ...format], env)).stdout;
      expect(exported).to.include('BEGIN PUBLIC KEY').and.include('2999-01-31T08:00:00.000Z');
      const again = await runHere(['apply', '-', '--yes'], env, exported);
      expect(again.stdout).to.equal('nothing to change\n');
    }
  });

  it('activates another key before it removes the active key', async () => {
    const { apply, listed } = await openKeys();
    await apply({ k1: { pem: first, active: true } });
    const { stdout } = await apply({ k2: { pem: second, active: true } });
    expect(keyLines(stdout)).to.deep.equal([
      '+ key k2 of target crm',
      '~ key k2 of target crm: active',
      '- key k1 of target crm',
    ]);
    expect(await listed()).to.deep.equal([['k2', true, undefined]]);
    expect(keyLines((await apply({ k2: { pem: second } })).stdout)).to.deep.equal([
      '~ key k2 of target crm: not active',
    ]);
    expect(keyLines((await apply({})).stdout)).to.deep.equal(['- key k2 of target crm']);
    expect(await listed()).to.deep.equal([]);
  });

  it('gives a key another id, other bytes or another expiry, and leaves the key active', async () => {
    const { apply, listed } = await openKeys();
    await apply({ k1: { pem: first, active: true } });
    for (const [id, key] of [
      ['other', { pem: first, active: true }],
      ['other', { pem: third, active: true }],
      ['other', { pem: third, active: true, expires: '2999-01-01' }],
    ] as const) {
      const { status, stderr } = await apply({ [id]: key });
      expect(status, stderr).to.equal(0);
      expect(await listed()).to.deep.equal([
        [id, true, 'expires' in key ? Date.parse(key.expires) : undefined],
      ]);
      expect((await apply({ [id]: key })).stdout).to.equal('nothing to change\n');
    }
  });

  it('finishes an apply that was interrupted', async () => {
    const { env, apply, listed } = await openKeys();
    await apply({ k1: { pem: first, active: true } });
    const wanted = { k2: { pem: second, active: true } };
    // The state after a run that ended after its first step.
    await runHere(['targets', 'keys', 'add', 'crm', '-', '--id', 'k2'], env, second);
    expect(keyLines((await apply(wanted)).stdout)).to.deep.equal([
      '~ key k2 of target crm: active',
      '- key k1 of target crm',
    ]);
    expect(await listed()).to.deep.equal([['k2', true, undefined]]);
  });

  it('replaces as many keys as a target can have', async () => {
    const { apply, listed } = await openKeys();
    const twenty = (prefix: string): Keys =>
      Object.fromEntries(
        Array.from({ length: 20 }, (_each, place) => {
          const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
          const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
          return [`${prefix}${place}`, { pem, active: place === 0 }];
        }),
      );
    await apply(twenty('a'));
    const { status, stderr } = await apply(twenty('b'));
    expect(status, stderr).to.equal(0);
    expect((await listed()).map(([id]) => String(id)[0]).join('')).to.equal('b'.repeat(20));
  });

  const refused: readonly (readonly [what: string, keys: Keys, says: string])[] = [
    ['a private key', { k: { jwk: privateJWK } }, 'private key'],
    ['text that is no key', { k: { pem: 'abc' } }, 'BEGIN PUBLIC KEY'],
    ['a JWK that is no key', { k: { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } } }, 'do not form'],
    ['a key that is nowhere', { k: { active: true } }, 'one of pem, jwk and file'],
    ['a key in two places', { k: { pem: first, jwk: jwks[0]! } }, 'one of pem, jwk and file'],
    ['a file that is not there', { k: { file: '/nowhere/key.pem' } }, 'cannot be read'],
    ['the same key twice', { k: { pem: first }, l: { jwk: jwks[0]! } }, 'the same as "k"'],
    ['two that are active', { k: { pem: first, active: true }, l: { pem: second, active: true } }, 'active'],
    ['an expiry that has passed', { k: { pem: first, expires: '2001-01-01' } }, 'has expired'],
    ['a duration for an expiry', { k: { pem: first, expires: '90d' } }, 'a date, as 2030-01-31'],
    ['an id that is none', { 'a b': { pem: first } }, 'letters, digits'],
  ];
  for (const [what, keys, says] of refused)
    it(`refuses ${what}, before anything is written`, async () => {
      const { env, apply } = await openKeys();
      await runHere(['apply', '-', '--yes'], env, '{}');
      const run = await apply(keys);
      expect(run).to.include({ status: 1, stdout: '' });
      expect(run.stderr).to.include(says).and.include('nothing was written');
      expect(run.stderr).to.not.include(privateJWK.d);
      const { stdout } = await runHere(['targets', 'list', '--json'], env);
      expect(JSON.parse(stdout)).to.include({ total: 0 });
    });
});

describe('apply without a keyring', () => {
  const file = (timeout: string) => `
targets:
  crm:
    type: async
    endpoint: https://crm.example/
    timeout: ${timeout}
    headers: { x-token: { env: TOKEN } }
`;

  async function openWithout() {
    const { env } = await openPlace('SQLite');
    const { EVENTSTORE_ACTIONS_KEYRING: _keyring, ...rest } = env;
    const without = { ...rest, TOKEN: 'hidden' };
    return { without, with: { ...env, TOKEN: 'hidden' } };
  }

  it('shows the difference with --dry-run, and names the values that it could not compare', async () => {
    const { without, with: env } = await openWithout();
    const first = await runHere(['apply', '-', '--dry-run'], without, file('2s'));
    expect(first, first.stderr).to.include({ status: 3, stderr: '' });
    expect(first.stdout).to.include('+ target crm');
    await runHere(['apply', '-', '--yes'], env, file('2s'));
    const more = file('3s').replace('{ x-token:', '{ x-new: { env: TOKEN }, x-token:');
    const shown = await runHere(['apply', '-', '--dry-run'], without, more);
    expect(shown.status, shown.stderr).to.equal(3);
    expect(shown.stdout).to.equal('~ target crm: timeoutMs 2000 -> 3000, headers.x-new\n');
    expect(shown.stderr).to.equal('not compared, for want of a keyring: target crm: headers.x-token\n');
    const scripted = await runHere(['apply', '-', '--dry-run', '--json'], without, more);
    expect(JSON.parse(scripted.stdout)).to.deep.include({ notCompared: ['target crm: headers.x-token'] });
    expect(scripted.stdout).to.not.include('hidden');
  });

  it('writes changes that need no keyring, and refuses changes that need one before anything is written', async () => {
    const { without, with: env } = await openWithout();
    const asked = await runHere(['apply', '-', '--yes'], without, file('2s'));
    expect(asked).to.include({ status: 2, stdout: '' });
    expect(asked.stderr).to.include('--keyring');
    await runHere(['apply', '-', '--yes'], env, file('2s'));
    expect(
      (await runHere(['apply', '-', '--yes'], without, file('3s'))).status,
      'a value to compare',
    ).to.equal(2);
    const kept = file('3s').replace('{ env: TOKEN }', '');
    const written = await runHere(['apply', '-', '--yes'], without, kept);
    expect(written.status, written.stderr).to.equal(0);
    expect(written.stdout).to.equal('~ target crm: timeoutMs 2000 -> 3000\n');
  });
});
