import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { executionSortFields, targetSortFields } from '../../../src/commands/queryFilters.js';
import { createKeyring } from '../../../src/index.js';
import { runHere } from './runHere.js';
import { openPlace } from './stores.js';

const add = ['targets', 'add', '--name', 'crm', '--type', 'webhook', '--endpoint', 'https://crm.example/'];
const key = Buffer.alloc(32, 1).toString('base64');

describe('the command line', () => {
  /** Each prints its reason on stderr, and nothing on stdout. */
  const wrong: readonly (readonly [what: string, parameters: readonly string[], says: string])[] = [
    ['an unknown command', ['tagets', 'list'], 'unknown command'],
    ['an unknown subcommand', ['targets', 'lst'], 'unknown command'],
    ['a command that is nearly one', ['targets', 'ad'], 'Did you mean add?'],
    ['a command deep down that is nearly one', ['targets', 'keys', 'activat'], 'Did you mean activate?'],
    ['help of a command that is nearly one', ['help', 'targets', 'ad'], 'Did you mean add?'],
    ['an unknown option', ['targets', 'list', '--colour'], 'unknown option'],
    ['an option that is nearly one', ['targets', 'list', '--descendin'], 'Did you mean --descending?'],
    ['an argument too many', ['targets', 'show', 'a', 'b'], 'too many arguments'],
    ['an argument too few', ['explain'], "missing required argument 'occurrence'"],
    ['an option that is missing', ['targets', 'add', '--name', 'crm'], '--type'],
    ['an option without its value', [...add, '--timeout'], 'argument missing'],
    ['a duration without a unit', [...add, '--timeout', '2'], '500ms, 2s'],
    ['a time limit that is too long', [...add, '--timeout', '271s'], 'at most 270s'],
    ['a choice that there is not', ['targets', 'list', '--sort', 'colour'], 'Allowed choices'],
    ['a number that is none', ['targets', 'list', '--limit', 'many'], 'Write a whole number'],
    ['a number out of its bounds', ['targets', 'list', '--limit', '0'], 'at least 1 and at most 1000'],
    ['an occurrence that is none', ['explain', 'order.placed'], 'write event/order.placed'],
    ['a condition that is none', ['executions', 'set', 'events/order.placed'], 'events/order.placed'],
    ['a header without a colon', [...add, '--header', 'x', '--keyring', 'plaintext'], 'name: value'],
    ['a header from no variable', [...add, '--header-env', 'a', '--keyring', 'plaintext'], 'name=VARIABLE'],
    ['a share that is none', [...add, '--enforce-percent', '101'], 'from 0 to 100'],
    ['a shell that is not known', ['completion', 'tcsh'], 'Allowed choices'],
    ['no index', ['projection', 'rebuild'], '--index'],
    ['no keyring', add, '--keyring'],
    ['a store of another kind', ['targets', 'list', '--store', 'mysql://db'], 'sqlite:<path>'],
    ['a malformed connection string', ['targets', 'list', '--store', 'esdb://'], 'malformed'],
    ['no signing key', ['listen'], 'EVENTSTORE_ACTIONS_SIGNING_KEY'],
  ];

  for (const [what, parameters, says] of wrong)
    it(`ends with 2 for ${what}`, async () => {
      const store = { EVENTSTORE_ACTIONS_STORE: 'sqlite:/nowhere/events.db' };
      const run = await runHere(parameters, store);
      expect(run.stderr)
        .to.include(says)
        .and.match(/^error: /);
      expect(run).to.include({ status: 2, stdout: '' });
      const scripted = await runHere([...parameters, '--json'], store);
      expect(scripted).to.include({ status: 2, stdout: '' });
      const { error } = JSON.parse(scripted.stderr) as { error: Record<string, string> };
      expect(error['code']).to.equal('USAGE');
    });

  it('asks for a store where none is named', async () => {
    expect(await runHere(['targets', 'list'])).to.include({ status: 2, stdout: '' });
  });

  it('ends with 1 for a refused command, with the code of the library', async () => {
    const { env } = await openPlace('SQLite');
    await runHere(add, env);
    const refused: readonly (readonly [code: string, parameters: readonly string[]])[] = [
      ['ALREADY_EXISTS', add],
      ['TARGET_NOT_FOUND', ['targets', 'show', 'missing']],
      ['TARGET_NOT_FOUND', ['executions', 'set', 'event', 'missing']],
      ['EXECUTION_NOT_FOUND', ['executions', 'show', 'event']],
      ['INVALID_ARGUMENT', ['fire', 'event/order.placed', '--data', '/nowhere.json']],
      ['TARGET_NOT_FOUND', ['executions', 'list', '--target', 'missing']],
      ['EXECUTION_NOT_FOUND', ['executions', 'list', '--include', 'event/nothing']],
    ];
    for (const [code, parameters] of refused) {
      const run = await runHere([...parameters, '--json'], env);
      expect(run, parameters.join(' ')).to.include({ status: 1, stdout: '' });
      expect(JSON.parse(run.stderr), parameters.join(' ')).to.nested.include({ 'error.code': code });
    }
  });

  it('creates no event store for a mistyped name', async () => {
    const { file } = await openPlace('SQLite');
    const run = await runHere(['targets', 'list'], {
      EVENTSTORE_ACTIONS_STORE: `sqlite:${file('evnts.db')}`,
    });
    expect(run.status).to.equal(1);
    expect(run.stderr).to.include('there is no event store');
  });

  it('takes global options before and after the command, and prefers them to the environment', async () => {
    const { env } = await openPlace('SQLite');
    await runHere([...add, '--instance', 'tenant'], env);
    for (const parameters of [
      ['--instance', 'tenant', 'targets', 'list', '--json'],
      ['targets', 'list', '--json', '--instance', 'tenant'],
    ]) {
      const run = await runHere(parameters, { ...env, EVENTSTORE_ACTIONS_INSTANCE: 'other' });
      expect(JSON.parse(run.stdout)).to.include({ total: 1 });
    }
    const elsewhere = await runHere(['targets', 'list', '--json'], {
      ...env,
      EVENTSTORE_ACTIONS_INSTANCE: 'other',
    });
    expect(JSON.parse(elsewhere.stdout)).to.include({ total: 0 });
  });

  it('encrypts under a key file, never quotes a broken key file, and encrypts again', async () => {
    const { env, file } = await openPlace('SQLite');
    const keyring = (name: string, content: unknown) => {
      writeFileSync(file(name), typeof content === 'string' ? content : JSON.stringify(content));
      return { ...env, EVENTSTORE_ACTIONS_KEYRING: file(name) };
    };
    const first = keyring('first.json', { activeKeyID: 'first', keys: { first: key } });
    const both = { first: key, second: Buffer.alloc(32, 2).toString('base64') };
    expect((await runHere(add, first)).status).to.equal(0);
    for (const broken of [
      `{"keys":"${key}"`,
      { keys: { first: key } },
      { activeKeyID: 'second', keys: { first: key } },
    ]) {
      const run = await runHere(['targets', 'list'], keyring('broken.json', broken));
      expect(run.status).to.equal(1);
      expect(run.stderr).to.not.include(key);
    }
    const second = keyring('second.json', { activeKeyID: 'second', keys: both });
    const sealed = await runHere(['keyring', 're-encrypt', '--json'], second);
    expect(JSON.parse(sealed.stdout)).to.deep.include({ targets: 1, resealed: 1, unreadable: [] });
    const unreadable = await runHere(['keyring', 're-encrypt', '--json'], first);
    expect(unreadable.status).to.equal(1);
    expect(JSON.parse(unreadable.stdout))
      .to.include({ resealed: 0 })
      .and.property('unreadable')
      .have.length(1);
    expect(createKeyring({ activeKeyID: 'second', keys: both }).activeKeyID).to.equal('second');
  });

  it('shows a signing key once: when the key is drawn', async () => {
    const { env } = await openPlace('SQLite');
    const added = await runHere(add, env);
    const rotated = await runHere(['targets', 'rotate-key', 'crm', '--grace', '1h'], env);
    const keys = [added, rotated].map(({ stdout }) => /whsec_\S+/.exec(stdout)?.[0]);
    expect(new Set(keys).size).to.equal(2);
    await runHere(['executions', 'set', 'event', 'crm'], env);
    const others = await Promise.all(
      [['targets', 'show', 'crm'], ['targets', 'list'], ['export'], ['fire', 'event/a']].flatMap(
        (parameters) => [runHere(parameters, env), runHere([...parameters, '--json'], env)],
      ),
    );
    for (const { status, stdout, stderr } of others) {
      expect(status).to.equal(0);
      expect(stdout + stderr).to.not.include('whsec_');
    }
  });

  it('shows control characters of a name as text', async () => {
    const { env } = await openPlace('SQLite');
    await runHere(
      ['targets', 'add', '--name', 'a\u001b[31mb', '--type', 'async', '--endpoint', 'https://a.example/'],
      env,
    );
    const { stdout } = await runHere(['targets', 'list'], env);
    expect(stdout).to.include('a\\u001b[31mb').and.not.include('\u001b');
  });

  it('changes, removes and lists headers without knowing their values', async () => {
    const { env } = await openPlace('SQLite');
    await runHere([...add, '--header', 'x-a: 1', '--header-env', 'x-b=B'], { ...env, B: '2' });
    const changed = await runHere(
      ['targets', 'change', 'CRM', '--header', 'x-c: 3', '--remove-header', 'x-a', '--json'],
      env,
    );
    expect(JSON.parse(changed.stdout)).to.deep.include({ changed: ['headers.x-a', 'headers.x-c'] });
    const shown = await runHere(['targets', 'show', 'crm', '--json'], env);
    expect((JSON.parse(shown.stdout) as { headers: object }).headers).to.deep.equal({
      'x-b': '***',
      'x-c': '***',
    });
    const again = await runHere(['targets', 'change', 'crm', '--header', 'x-c: 3'], env);
    expect(again.stdout).to.equal('nothing to change\n');
    expect((await runHere(['targets', 'remove', 'crm', '--json'], env)).stdout).to.include('"removed": true');
    expect((await runHere(['targets', 'remove', 'crm', '--json'], env)).stdout).to.include(
      '"removed": false',
    );
  });

  it('sorts by dates, and shows the dates', async () => {
    const { env } = await openPlace('SQLite');
    const named = (name: string) => ['targets', 'add', '--name', name, ...add.slice(4)];
    for (const name of ['z', 'a']) await runHere(named(name), env);
    await runHere(['targets', 'change', 'z', '--timeout', '2s'], env);
    for (const [condition, target] of [
      ['event/b', 'a'],
      ['event/a', 'a'],
      ['event/b', 'z'],
    ] as const)
      expect((await runHere(['executions', 'set', condition, target], env)).status).to.equal(0);
    const listed = async (...parameters: string[]) => {
      const { stdout } = await runHere([...parameters, '--json'], env);
      return (JSON.parse(stdout) as { items: { id: string; name?: string }[] }).items.map(
        ({ id, name }) => name ?? id,
      );
    };
    const changed = async (...words: string[]) => {
      const { stdout } = await runHere([...words, '--json'], env);
      return JSON.parse(stdout) as { created: string; changed: string };
    };
    expect(await listed('targets', 'list', '--sort', 'created')).to.deep.equal(['z', 'a']);
    expect(await listed('targets', 'list', '--sort', 'changed')).to.deep.equal(['a', 'z']);
    expect(await listed('executions', 'list', '--sort', 'created')).to.deep.equal(['event/b', 'event/a']);
    expect(await listed('executions', 'list', '--sort', 'changed')).to.deep.equal(['event/a', 'event/b']);
    for (const words of [
      ['targets', 'show', 'z'],
      ['executions', 'show', 'event/b'],
    ]) {
      const dates = await changed(...words);
      const { stdout } = await runHere(words, env);
      expect(stdout)
        .to.match(new RegExp(`^created +${dates.created}$`, 'm'))
        .and.match(new RegExp(`^changed +${dates.changed}$`, 'm'));
    }
  });

  it('offers every sort order of the library', async () => {
    for (const [command, fields] of [
      ['targets', targetSortFields],
      ['executions', executionSortFields],
    ] as const) {
      const { stdout } = await runHere(['__complete', '--', command, 'list', '--sort', '']);
      expect(stdout.trim().split('\n')).to.have.members([...fields]);
    }
  });

  it('manages the public keys of a target', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const { env } = await openPlace('SQLite');
    await runHere(add, env);
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const added = await runHere(
      ['targets', 'keys', 'add', 'crm', '-', '--id', 'k1', '--expires', '1d', '--json'],
      env,
      pem,
    );
    expect(JSON.parse(added.stdout)).to.include({ keyID: 'k1' });
    expect((await runHere(['targets', 'keys', 'activate', 'crm', 'k1'], env)).status).to.equal(0);
    const list = await runHere(['targets', 'keys', 'list', 'crm', '--json'], env);
    const [shown, ...others] = JSON.parse(list.stdout) as Record<string, unknown>[];
    expect(shown).to.include({ keyID: 'k1', active: true });
    expect(others).to.deep.equal([]);
    expect((await runHere(['targets', 'keys', 'deactivate', 'crm', 'k1'], env)).status).to.equal(0);
    for (const [words, stdout] of [
      [['crm', 'k1'], 'removed k1\n'],
      [['crm', 'k1'], 'there is no such key; nothing to remove\n'],
      [['other', 'k1'], 'there is no such target; nothing to remove\n'],
    ] as const) {
      const removed = await runHere(['targets', 'keys', 'remove', ...words], env);
      expect(removed, words.join(' ')).to.deep.equal({ status: 0, stdout, stderr: '' });
    }
    const none = await runHere(['targets', 'keys', 'remove', 'crm', 'k1', '--json'], env);
    expect(JSON.parse(none.stdout)).to.include({ keyID: 'k1', removed: false });
    expect(
      (await runHere(['targets', 'keys', 'add', 'crm', '-', '--expires', 'soon'], env, pem)).status,
    ).to.equal(2);
  });
});
