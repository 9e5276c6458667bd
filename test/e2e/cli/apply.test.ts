import { expect } from 'chai';
import { runHere } from './runHere.js';
import { openPlace } from './stores.js';

const file = `
targets:
  order policy:
    type: requestResponse
    endpoint: https://policy.example/orders
    timeout: 2s
    interruptOnError: true
    headers:
      authorization: { env: POLICY_TOKEN }
  crm: { type: async, endpoint: https://crm.example/hook }
executions:
  event/order.placed: [{ include: event/order.* }, crm]
  event/order.*: [order policy]
`;

async function openApply() {
  const place = await openPlace('SQLite');
  const env: Record<string, string> = { ...place.env, POLICY_TOKEN: 'hidden' };
  const apply = (text: string, ...flags: string[]) => runHere(['apply', '-', '--yes', ...flags], env, text);
  const read = async (...parameters: string[]) =>
    JSON.parse((await runHere([...parameters, '--json'], env)).stdout) as Record<string, unknown>;
  const exported = async () => (await runHere(['export'], env)).stdout;
  return { env, apply, read, exported, place };
}

describe('apply', () => {
  it('shows the difference, writes the changes in an order that works, and shows the keys once', async () => {
    const { apply, read, exported } = await openApply();
    const { status, stdout, stderr } = await apply(file);
    expect(status).to.equal(0);
    expect(stdout).to.include('+ target order policy: requestResponse, https://policy.example/orders');
    expect(stdout).to.include('+ execution event/order.placed: include:event/order.*, crm');
    expect(stdout.match(/whsec_/g)).to.have.length(2);
    expect(stdout + stderr).to.not.include('hidden');
    expect(stderr).to.include('wrote 4 of 4 changes');
    expect(await read('explain', 'event/order.placed')).to.nested.include({
      winner: 'event/order.placed',
      'targets[0].name': 'order policy',
      'targets[1].name': 'crm',
    });
    expect(await exported())
      .to.include('interruptOnError: true')
      .and.include('authorization:\n');
  });

  it('is idempotent, and finds no difference to its own export', async () => {
    const { env, apply, exported } = await openApply();
    await apply(file);
    const before = await exported();
    expect((await apply(file)).stdout).to.equal('nothing to change\n');
    expect((await apply(before)).stdout).to.equal('nothing to change\n');
    expect((await apply((await runHere(['export', '--json'], env)).stdout)).stdout).to.equal(
      'nothing to change\n',
    );
    expect(await exported()).to.equal(before);
  });

  it('shows the changes field by field, a changed header included', async () => {
    const { env, apply } = await openApply();
    await apply(file);
    env['POLICY_TOKEN'] = 'another';
    const other = file
      .replace('timeout: 2s', 'timeout: 500ms')
      .replace('[order policy]', '[crm, order policy]');
    const { status, stdout } = await apply(other, '--dry-run');
    expect(status).to.equal(3);
    expect(stdout).to.include('~ target order policy: timeoutMs 2000 -> 500, headers.authorization');
    expect(stdout).to.include('~ execution event/order.*: order policy -> crm, order policy');
    expect((await apply(other)).status).to.equal(0);
    expect((await apply(other)).stdout).to.equal('nothing to change\n');
  });

  it('removes undeclared targets and executions only with --prune', async () => {
    const { apply, read } = await openApply();
    await apply(file);
    const less = file
      .replace(/ {2}crm: .*\n/, '')
      .replace(', crm]', ']')
      .replace(/ {2}event\/order\.\*: .*\n/, '');
    const kept = less.replace('[{ include: event/order.* }]', '[order policy]');
    expect((await apply(kept)).status).to.equal(0);
    expect(await read('targets', 'list')).to.include({ total: 2 });
    const { stdout } = await apply(kept, '--prune');
    expect(stdout).to.include('- target crm').and.include('- execution event/order.*');
    expect(await read('targets', 'list')).to.include({ total: 1 });
    expect(await read('executions', 'list')).to.include({ total: 1 });
  });

  it('refuses an empty file with --prune, and removes everything where the file says so', async () => {
    const { apply, read } = await openApply();
    await apply(file);
    for (const empty of ['', 'null', '{}', '# nothing', '---\n'])
      for (const flags of [['--prune'], ['--prune', '--dry-run']]) {
        const run = await apply(empty, ...flags);
        expect(run, empty).to.include({ status: 2, stdout: '' });
        expect(run.stderr).to.include('stdin declares nothing').and.include('targets: {} and executions: {}');
      }
    expect(await read('targets', 'list')).to.include({ total: 2 });
    expect((await apply('', '--dry-run')).stdout).to.equal('nothing to change\n');
    expect((await apply('targets: {}\nexecutions: {}\n', '--prune')).status).to.equal(0);
    expect(await read('targets', 'list')).to.include({ total: 0 });
    expect(await read('executions', 'list')).to.include({ total: 0 });
  });

  it('reverses an include, though the previous lists forbid it', async () => {
    const { apply, read } = await openApply();
    await apply(file);
    const turned = file
      .replace('[{ include: event/order.* }, crm]', '[order policy]')
      .replace('event/order.*: [order policy]', 'event/order.*: [{ include: event/order.placed }]');
    expect((await apply(turned)).status).to.equal(0);
    expect(await read('explain', 'event/order.changed')).to.nested.include({
      'targets[0].name': 'order policy',
    });
  });

  it('goes on after a failure in the middle, and has shown the keys of the added targets', async () => {
    const { env, apply, read } = await openApply();
    // Only the command refuses reserved names: the target before has been added by then.
    const broken = file.replace(
      'crm: { type: async,',
      'crm: { headers: { webhook-id: { env: POLICY_TOKEN } }, type: async,',
    );
    const failed = await runHere(['apply', '-', '--yes', '--json'], env, broken);
    expect(failed.status).to.equal(1);
    const { applied, created } = JSON.parse(failed.stdout) as {
      applied: number;
      created: Record<string, string>[];
    };
    expect([applied, created.map(({ name }) => name)]).to.deep.equal([1, ['order policy']]);
    expect(created[0]!['signingKey']).to.match(/^whsec_/);
    expect(JSON.parse(failed.stderr)).to.nested.include({ 'error.code': 'INVALID_ARGUMENT' });
    expect(failed.stdout + failed.stderr).to.not.include('hidden');
    const { stdout, status } = await apply(file);
    expect(status).to.equal(0);
    expect(stdout).to.include('+ target crm');
    expect(stdout).to.not.include('target order policy:');
    expect(await read('targets', 'list')).to.include({ total: 2 });
  });

  /** Declarations that are refused whole. */
  const refused: readonly (readonly [what: string, text: string, says: string])[] = [
    ['text that is no YAML', 'targets: [', 'stdin:'],
    [
      'a name twice',
      'targets:\n  a: { type: webhook, endpoint: "https://a.example/" }\n  a: {}\n',
      'stdin:3',
    ],
    [
      'names that differ in case only',
      'targets:\n  a: { type: webhook, endpoint: "https://a.example/" }\n  A: { type: webhook, endpoint: "https://a.example/" }\n',
      'twice',
    ],
    [
      'an unknown field',
      'targets:\n  a:\n    type: webhook\n    endpoint: https://a.example/\n    retries: 3\n',
      'stdin:3: targets.a',
    ],
    ['an unknown section', 'rules: []\n', 'rules'],
    [
      'a duration without a unit',
      'targets:\n  a:\n    type: webhook\n    endpoint: https://a.example/\n    timeout: 20\n',
      'stdin:5: targets.a.timeout',
    ],
    [
      'an async target that interrupts',
      'targets:\n  a: { type: async, endpoint: "https://a.example/", interruptOnError: true }\n',
      'cannot interrupt',
    ],
    [
      'a secret in the file',
      'targets:\n  a: { type: async, endpoint: "https://a.example/", headers: { x: abc } }\n',
      'targets.a.headers.x',
    ],
    [
      'a variable that is not set',
      'targets:\n  a: { type: async, endpoint: "https://a.example/", headers: { x: { env: NOPE } } }\n',
      'NOPE',
    ],
    [
      'a value to keep where there is none',
      'targets:\n  a: { type: async, endpoint: "https://a.example/", headers: { x: } }\n',
      'no stored value',
    ],
    [
      'an endpoint that the network policy refuses',
      'targets:\n  a: { type: async, endpoint: "http://10.0.0.1/" }\n',
      'the endpoint of target "a"',
    ],
    ['a target that is nowhere', 'executions:\n  event: [missing]\n', 'neither declared nor stored'],
    [
      'an include of nothing',
      'executions:\n  event: [{ include: event/a.* }]\n',
      'neither declared nor stored',
    ],
    [
      'a circle',
      'executions:\n  event: [{ include: event/a.* }]\n  event/a.*: [{ include: event }]\n',
      'circle',
    ],
    [
      'a chain that is too long',
      'executions:\n  event: [{ include: event/a.* }]\n  event/a.*: [{ include: event/b.* }]\n  event/b.*: [{ include: event/c.* }]\n  event/c.*: []\n',
      'at most 3',
    ],
    [
      'the same entry twice',
      'executions:\n  event: [{ include: event/a.* }, { include: event/a.* }]\n  event/a.*: []\n',
      'twice',
    ],
    ['a condition that is none', 'executions:\n  events/a: []\n', 'not an execution id'],
  ];

  for (const [what, text, says] of refused)
    it(`refuses ${what} before anything is written`, async () => {
      const { apply, read } = await openApply();
      const good = 'z: { type: webhook, endpoint: "https://z.example/" }';
      const withGood = text.includes('targets:\n')
        ? text.replace('targets:\n', `targets:\n  ${good}\n`)
        : text;
      const shifted = says.replace(
        /^stdin:(\d+)/,
        (_line, line: string) => `stdin:${Number(line) + (withGood === text ? 0 : 1)}`,
      );
      const { status, stderr } = await apply(withGood);
      expect(status).to.equal(1);
      expect(stderr).to.include(shifted);
      await apply('{}');
      expect(await read('targets', 'list')).to.include({ total: 0 });
      expect(await read('executions', 'list')).to.include({ total: 0 });
    });

  it('writes nothing where there is no terminal to confirm on', async () => {
    const { env, read } = await openApply();
    const run = await runHere(['apply', '-'], env, file);
    expect(run.status).to.equal(2);
    expect(run.stderr).to.include('--yes');
    expect(await read('targets', 'list')).to.include({ total: 0 });
  });

  it('leaves a list unchanged that names a removed target', async () => {
    const { env, apply, exported } = await openApply();
    await apply(file);
    await runHere(['targets', 'remove', 'crm'], env);
    const before = await exported();
    expect(before).to.match(/- id: [0-9a-f-]{36}/);
    expect((await apply(before)).stdout).to.equal('nothing to change\n');
  });
});
