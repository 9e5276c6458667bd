import { expect } from 'chai';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { appendOrders, servePolicy } from './backtest/orders.js';
import { runHere } from './runHere.js';
import { openPlace } from './stores.js';

const crm = '{ type: webhook, endpoint: https://crm.example/ }';
const add = ['targets', 'add', '--name', 'policy', '--type', 'webhook', '--endpoint', 'https://crm.example/'];

const names = ['a', 'b', 'c', 'd'];
/** Each list names the list before it nine times. */
const bomb = names
  .map((name, at) => `${name}: &${name} [${`${at === 0 ? 'x' : `*${names[at - 1] ?? ''}`}, `.repeat(9)}]\n`)
  .join('');

describe('a mistake on the command line', () => {
  it('leaves an empty file as it is where a command reads', async () => {
    const { env, file } = await openPlace('SQLite');
    await runHere(add, env);
    for (const [name, content] of [
      ['empty.db', ''],
      ['one.db', 'x'],
    ] as const) {
      writeFileSync(file(name), content);
      for (const parameters of [
        ['targets', 'list', '--store', `sqlite:${file(name)}`],
        ['deliveries', 'status', '--deliveries', file(name)],
      ]) {
        const run = await runHere(parameters, env);
        expect(run.status, parameters.join(' ')).to.not.equal(0);
        expect(run.stderr).to.include(file(name));
        expect(readFileSync(file(name), 'utf8')).to.equal(content);
      }
    }
    const created = await runHere([...add, '--store', `sqlite:${file('empty.db')}`], env);
    expect(created).to.include({ status: 0 });
    expect(statSync(file('empty.db')).size).to.be.above(0);
  });

  it('says why the events of a store cannot be read', async () => {
    const { EVENTSTORE_ACTIONS_INDEX: _, ...env } = (await openPlace('SQLite')).env;
    const conditions = Array.from({ length: 300 }, (_none, number) => `  event/order.e${String(number)}: []`);
    await runHere(['apply', '-', '--yes'], env, ['executions:', ...conditions].join('\n'));
    const path = (env['EVENTSTORE_ACTIONS_STORE'] ?? '').replace('sqlite:', '');
    const bytes = readFileSync(path);
    // The first pages open the file, and the last ones hold its last position.
    const pages = bytes.length / 4_096;
    bytes.fill(0xff, 4_096 * Math.floor(pages * 0.3), 4_096 * Math.floor(pages * 0.7));
    writeFileSync(path, bytes);
    const run = await runHere(['targets', 'list', '--wait', '1s'], env);
    expect(run).to.include({ status: 1, stdout: '' });
    expect(run.stderr).to.match(/not complete within 1000 ms: .*SQLITE_CORRUPT/);
  });

  it('names the target that was meant', async () => {
    const { env } = await openPlace('SQLite');
    const added = await runHere([...add, '--json'], env);
    const { id } = JSON.parse(added.stdout) as { readonly id: string };
    for (const parameters of [
      ['targets', 'show', 'polcy'],
      ['targets', 'change', 'polcy', '--timeout', '1s'],
      ['targets', 'rotate-key', 'Polciy'],
      ['executions', 'set', 'event', 'polcy'],
      ['backtest', 'polcy'],
    ]) {
      const run = await runHere(parameters, env);
      expect(run, parameters.join(' ')).to.include({ status: 1, stdout: '' });
      expect(run.stderr, parameters.join(' ')).to.include('did you mean "policy"?');
    }
    expect((await runHere(['targets', 'show', 'other'], env)).stderr).to.not.include('did you mean');
    const all = await runHere(['executions', 'set', 'event/all', 'policy'], env);
    expect(all).to.include({ status: 0 });
    expect(all.stderr).to.include('event/all is the event with the name "all"; write event for every event');
    const byName = await runHere(['apply', '-', '--yes'], env, 'executions: { event: [{ id: policy }] }');
    expect(byName.stderr).to.include(`the target with this name has the id ${id}`);
  });

  it('tells the order of the arguments of executions set', async () => {
    const { env } = await openPlace('SQLite');
    const run = await runHere(['executions', 'set', 'policy', 'event/order.placed'], env);
    expect(run).to.include({ status: 2, stdout: '' });
    expect(run.stderr).to.include(
      'the condition comes first, as in executions set "event/order.placed" "policy"',
    );
  });

  it('says what still names a removed target, in words', async () => {
    const { env } = await openPlace('SQLite');
    await runHere(add, env);
    await runHere(['executions', 'set', 'event/order.*', 'policy'], env);
    const run = await runHere(['targets', 'remove', 'policy'], env);
    expect(run).to.include({ status: 0 });
    expect(run.stderr).to.equal(
      'The target is still in the list of event/order.*: "executions set" takes it out.\n',
    );
    const { stdout } = await runHere(['explain', 'event/order.placed'], env);
    expect(stdout)
      .to.match(/event\/order\.\* +target \S+: it was removed; no target is left in its list\n/)
      .and.not.include('target-missing');
  });

  it('notes a position that the store does not have yet', async () => {
    const { env } = await openPlace('SQLite');
    const durable = [...add.slice(0, 5), 'async', ...add.slice(6), '--delivery', 'durable'];
    const run = await runHere([...durable, '--deliver-from', '9'.repeat(39)], env);
    expect(run).to.include({ status: 0 });
    expect(run.stderr).to.include(`No event has position ${'9'.repeat(39)} yet`);
    const changed = await runHere(['targets', 'change', 'policy', '--deliver-from', '1'], env);
    expect(changed.stderr).to.not.include('No event has position');
  });

  it('says that a backtest chose no event of a type', async () => {
    const { env } = await openPlace('SQLite');
    await runHere(add, env);
    const { stdout } = await runHere(['backtest', '--type', 'order.plcd'], env);
    expect(stdout).to.include('check the spelling of order.plcd');
    expect((await runHere(['backtest'], env)).stdout).to.not.include('spelling');
  });

  it('tells once that a backtest may not call a target', async () => {
    const place = await openPlace('SQLite');
    const { EVENTSTORE_ACTIONS_ALLOW: _, ...env } = place.env;
    await servePolicy(place);
    await appendOrders(place, 100);
    const { stdout, status } = await runHere(['backtest', '--send'], env);
    expect(status).to.equal(1);
    expect(stdout).to.include('could not be called 20 times in a row').and.not.include('did not answer');
    expect(stdout.match(/--allow/g)).to.have.lengthOf(2);
  });

  it('asks for a file where JSON itself is given', async () => {
    const { env } = await openPlace('SQLite');
    const run = await runHere(['fire', 'event/order.placed', '--data', '{"total":1}'], env);
    expect(run).to.include({ status: 2, stdout: '' });
    expect(run.stderr).to.include('Write the path of a file that has the JSON');
  });

  it('ends a file without an end', async () => {
    const { env } = await openPlace('SQLite');
    const run = await runHere(['fire', 'event/order.placed', '--data', '/dev/zero'], env);
    expect(run).to.include({ status: 1, stdout: '', stderr: 'error: /dev/zero is larger than 64 MiB\n' });
  });

  it('fails where the secret of a target needs a key file that was not given', async () => {
    const { env, file } = await openPlace('SQLite');
    const keys = { k1: Buffer.alloc(32, 1).toString('base64') };
    writeFileSync(file('keys.json'), JSON.stringify({ activeKeyID: 'k1', keys }));
    await runHere([...add, '--keyring', file('keys.json')], env);
    await runHere(['executions', 'set', 'event', 'policy'], env);
    for (const keyring of ['', 'plaintext']) {
      const run = await runHere(['fire', 'event/a'], { ...env, EVENTSTORE_ACTIONS_KEYRING: keyring });
      expect(run).to.include({ status: 1 });
      expect(run.stdout).to.include('--keyring <path>').and.not.include('this keyring');
    }
  });

  /** Each problem of a file has its name and, where the parser knows it, its line. */
  const files: readonly (readonly [what: string, content: string, says: string])[] = [
    ['a list in the place of a name', `targets:\n  ? [a]\n  : ${crm}\n`, 'stdin:2: a name is text'],
    ['two documents', 'targets: {}\n---\ntargets: {}\n', 'stdin:2: a second document'],
    [
      'a tag',
      `targets: { crm: { type: !!binary aGk=, endpoint: https://a.example/ } }`,
      'stdin:1: the tag tag:yaml.org,2002:binary',
    ],
    [
      'a condition that is none',
      'executions:\n  nonsense: []\n',
      'stdin:2: executions.nonsense: "nonsense" is not',
    ],
    ['an include that is none', 'executions:\n  event: [{ include: bad }]\n', 'stdin:2: executions.event.0'],
    ['a type that is none', 'targets:\n  a: { type: hook, endpoint: https://a.example/ }\n', ', not "hook"'],
    ['an alias bomb', bomb, 'stdin: Excessive alias count'],
  ];
  for (const [what, content, says] of files)
    it(`refuses a file of apply with ${what}`, async () => {
      const { env } = await openPlace('SQLite');
      const warnings: Error[] = [];
      const warned = (warning: Error) => warnings.push(warning);
      process.on('warning', warned);
      const run = await runHere(['apply', '-', '--yes'], env, content);
      await new Promise((resolve) => setImmediate(resolve));
      process.off('warning', warned);
      expect(run).to.include({ status: 1, stdout: '' });
      expect(run.stderr)
        .to.include(says)
        .and.match(/nothing was written\n$/);
      expect(warnings).to.deep.equal([]);
    });
});
