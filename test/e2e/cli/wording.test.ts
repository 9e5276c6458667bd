import { expect } from 'chai';
import { runHere } from './runHere.js';
import { openPlace } from './stores.js';

const add = ['targets', 'add', '--name', 'crm', '--type', 'webhook', '--endpoint', 'https://crm.example/'];

describe('the wording of the command line', () => {
  it('exits with 2 for a malformed instance or policy, in words of the command line', async () => {
    const { env } = await openPlace('SQLite');
    await runHere(add, env);
    for (const words of [
      ['--instance', 'a.b'],
      ['--allow', 'not a host'],
    ]) {
      const run = await runHere(['targets', 'list', ...words], env);
      expect(run, words.join(' ')).to.include({ status: 2, stdout: '' });
      expect(run.stderr).to.not.match(/nothing was written|Invalid input|expected /);
    }
  });

  it('names options as the command line has them', async () => {
    const { env } = await openPlace('SQLite');
    await runHere([...add.slice(0, -1), 'http://localhost:8080/', '--allow', 'localhost'], env);
    await runHere(['executions', 'set', 'event', 'crm'], env);
    const said: readonly (readonly [words: readonly string[], says: string])[] = [
      [[...add.slice(0, -1), 'http://10.0.0.5/'], "open it with --allow '10.0.0.5'"],
      [[...add, '--payload-type', 'jwt'], 'needs --jwt-keys <path>'],
      [['targets', 'list', '--instance', 'a.b'], '--instance cannot be used'],
      [['targets', 'list', '--allow', 'not a host'], '--allow has an entry'],
      [['fire', 'event/order.placed', '--send'], "open it with --allow 'localhost'"],
    ];
    for (const [words, says] of said) {
      const { stdout, stderr } = await runHere(words, env);
      expect(stdout + stderr, words.join(' ')).to.include(says);
    }
    const { EVENTSTORE_ACTIONS_KEYRING: _, ...without } = env;
    const { stderr } = await runHere(['targets', 'change', 'crm', '--header', 'x: y'], without);
    expect(stderr).to.include('pass --keyring <path>, or --keyring plaintext to store them');
  });

  it('refuses a condition in place of a target of a backtest', async () => {
    const { env } = await openPlace('SQLite');
    await runHere(add, env);
    for (const text of ['event/order.*', 'order.*']) {
      const run = await runHere(['backtest', text], env);
      expect(run, text).to.include({ status: 2, stdout: '' });
      expect(run.stderr).to.include('to choose events, write --type "order.*"');
    }
    await runHere([...add.slice(0, 3), 'event/order.*', ...add.slice(4)], env);
    expect(await runHere(['backtest', 'event/order.*'], env)).to.include({ status: 0 });
  });

  it('shows names in lists, says which name does not exist, and whether a target is enforced', async () => {
    const { env } = await openPlace('SQLite');
    await runHere([...add, '--interrupt-on-error', '--enforcement', 'observe'], env);
    await runHere(
      [...add.slice(0, 3), 'share', ...add.slice(4), '--interrupt-on-error', '--enforce-percent', '5'],
      env,
    );
    await runHere(['executions', 'set', 'event/order.*', 'crm', 'share'], env);
    expect((await runHere(['executions', 'list'], env)).stdout).to.match(/^event\/order\.\* +crm, share$/m);
    const { stdout } = await runHere(['targets', 'list'], env);
    expect(stdout)
      .to.match(/crm +webhook .* no +observe$/m)
      .and.match(/share +webhook .* 5 % +enforce 5 %$/m);
    const removed = async () => (await runHere(['executions', 'remove', 'event/order.*'], env)).stdout;
    expect(await removed()).to.equal('removed event/order.*\n');
    expect(await removed()).to.equal('there is no such execution; nothing to remove\n');
  });

  it('warns of a rotation after which the previous key signs no more', async () => {
    const { env } = await openPlace('SQLite');
    await runHere(add, env);
    expect((await runHere(['targets', 'rotate-key', 'crm'], env)).stderr).to.include('--grace 1d');
    const graceful = await runHere(['targets', 'rotate-key', 'crm', '--grace', '1h'], env);
    expect(graceful.stderr).to.not.include('--grace');
  });

  it('lets no text of others steer the terminal, on stdout or on stderr, also as JSON', async () => {
    const { env } = await openPlace('SQLite');
    const steering = 'a\u009b31m\u202eb\u0007';
    await runHere(['targets', 'add', '--name', steering, ...add.slice(4)], env);
    await runHere(['executions', 'set', `event/${steering}`, steering], env);
    for (const words of [
      ['executions', 'set', `event/${steering}`, steering],
      ['executions', 'list'],
      ['targets', 'show', `no ${steering}`],
      ['explain', steering],
      ['export'],
      ['executions', 'remove', `event/${steering}`],
    ])
      for (const run of [await runHere(words, env), await runHere([...words, '--json'], env)]) {
        for (const raw of ['\u0007', '\u009b', '\u202e'])
          expect((run.stdout + run.stderr).includes(raw), words.join(' ')).to.equal(false);
        expect(run.stdout + run.stderr, words.join(' ')).to.match(/u009b/);
        await runHere(['executions', 'set', `event/${steering}`, steering], env);
      }
  });

  it('exports names that would steer the terminal so that applying the export changes nothing', async () => {
    const { env } = await openPlace('SQLite');
    await runHere(['targets', 'add', '--name', 'a\u009bb', ...add.slice(4)], env);
    const { stdout } = await runHere(['export'], env);
    expect(await runHere(['apply', '-', '--dry-run'], env, stdout)).to.include({ status: 0 });
  });

  it('refuses a declaration with a name that JavaScript would lose', async () => {
    const { env } = await openPlace('SQLite');
    const file = 'targets:\n  __proto__: { type: webhook, endpoint: https://crm.example/ }\n';
    const run = await runHere(['apply', '-', '--yes'], env, file);
    expect(run).to.include({ status: 1, stdout: '' });
    expect(run.stderr).to.include('targets.__proto__');
  });

  it('refuses a declaration that would lose a header, a list or the first of two targets', async () => {
    const { env } = await openPlace('SQLite');
    const crm = 'type: webhook, endpoint: https://crm.example/';
    for (const [file, named] of [
      [`targets:\n  crm: { ${crm}, headers: { __proto__: { env: TOKEN } } }\n`, 'headers.__proto__'],
      [`targets:\n  crm: { ${crm} }\nexecutions:\n  __proto__: [crm]\n`, 'executions.__proto__'],
      [`targets:\n  crm: { ${crm} }\n  crm: { ${crm} }\n`, 'stdin:3: Map keys must be unique'],
      [`{"targets": {}, "targets": {"crm": {"type": "x"}}}`, 'stdin:1: Map keys must be unique'],
    ] as const) {
      const run = await runHere(['apply', '-', '--yes'], { ...env, TOKEN: 'a' }, file);
      expect(run, file).to.include({ status: 1, stdout: '' });
      expect(run.stderr, file).to.include(named);
    }
    expect((await runHere(['targets', 'list', '--json'], env)).stdout).not.to.include('crm');
  });
});
