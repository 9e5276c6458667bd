import { expect } from 'chai';
import Database from 'better-sqlite3';
import { openApply } from './openApply.js';
import { runHere } from './runHere.js';

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

  it('judges a changed target before the first write, too', async () => {
    const { apply, exported } = await openApply();
    await apply(file);
    const before = await exported();
    const wrong = file.replace('timeout: 2s', 'timeout: 3s').replace('crm: {', 'crm: { paused: true,');
    for (const flags of [[], ['--dry-run']]) {
      const { status, stdout, stderr } = await apply(wrong, ...flags);
      expect([status, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.include('stdin: the target "crm": paused is for durable targets');
    }
    expect(await exported()).to.equal(before);
  });

  it('goes on after a failure in the middle, and has shown the keys of the added targets', async () => {
    const { env, apply, read, place } = await openApply();
    await apply('{}');
    const database = new Database(place.file('events.db'));
    // The store fails at the second target, after the first has been added.
    database.exec(
      "CREATE TRIGGER full BEFORE INSERT ON event WHEN CAST(NEW.data AS TEXT) LIKE '%crm.example%' BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    const failed = await runHere(['apply', '-', '--yes', '--json'], env, file);
    database.exec('DROP TRIGGER full');
    database.close();
    expect(failed.status).to.equal(1);
    const { applied, created } = JSON.parse(failed.stdout) as {
      applied: number;
      created: Record<string, string>[];
    };
    expect([applied, created.map(({ name }) => name)]).to.deep.equal([1, ['order policy']]);
    expect(created[0]!['signingKey']).to.match(/^whsec_/);
    expect(JSON.parse(failed.stderr)).to.nested.include({ 'error.code': 'EVENT_STORE_UNAVAILABLE' });
    expect(failed.stdout + failed.stderr).to.not.include('hidden');
    const { stdout, status } = await apply(file);
    expect(status).to.equal(0);
    expect(stdout).to.include('+ target crm');
    expect(stdout).to.not.include('target order policy:');
    expect(await read('targets', 'list')).to.include({ total: 2 });
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
