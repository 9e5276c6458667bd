import { expect } from 'chai';
import type { Command, Option } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import { programForHelp } from '../../cli/referencePages.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { closeAfterTest } from '../../support/closings.js';
import { runHere } from './runHere.js';

/** Options for which an empty text has a meaning, or whose error must not show a value that may be a secret. */
const ownRule: ReadonlySet<string> = new Set([
  '--header',
  '--header-env',
  '--signing-key',
  '--url',
  '--stream',
  '--reason',
  '--after',
  'deliveries --target',
]);

function* optionsBelow(
  command: Command,
  words: readonly string[] = [],
): Iterable<{ readonly words: readonly string[]; readonly option: Option }> {
  for (const option of command.options) if (option.required) yield { words, option };
  for (const each of command.commands) yield* optionsBelow(each, [...words, each.name()]);
}

const add = ['targets', 'add', '--name', 'crm', '--type', 'webhook', '--endpoint', 'https://crm.example/'];
const long = 'x'.repeat(3_000);
const fire = ['fire', 'event/order.placed'];

/** Each names the option and the given value, and is judged before anything is opened. */
const wrong: readonly (readonly [parameters: readonly string[], says: string])[] = [
  [['targets', 'list', '--wait', '50d'], "'--wait <duration>' argument '50d'"],
  [['targets', 'list', '--wait', '-1'], "'--wait <duration>' argument '-1'"],
  [['targets', 'list', '--limit', '0x10'], "'0x10'"],
  [['targets', 'list', '--limit', '1e2'], "'1e2'"],
  [['targets', 'list', '--limit', ' 5'], "' 5'"],
  [['targets', 'list', '--store', 'events.db'], '--store "events.db"'],
  [['targets', 'list', '--store', ''], "'--store <location>' argument ''"],
  [['targets', 'list', '--instance', 'a b'], '--instance'],
  [['targets', 'list', '--allow', 'not a host'], '"not a host": write '],
  [['targets', 'list', '--name', long], `'${long.slice(0, 99)}…'`],
  [['targets', 'show', ''], "'target'"],
  [['targets', 'remove', ''], "'target'"],
  [['targets', 'rotate-key', 'crm', '--grace', '100000d'], "'100000d'"],
  [['targets', 'keys', 'add', 'crm', '/dev/null', '--expires', '999999999d'], "'999999999d'"],
  [['targets', 'keys', 'activate', 'crm', 'a b'], "'a b'"],
  [[...add, '--enforce-percent', '1e1'], "'1e1'"],
  [[...add, '--deliver-from', 'soon'], "'soon'"],
  [[...add, '--deliver-from', '9'.repeat(40)], '--deliver-from'],
  [[...add, '--header', 'a b: x'], '"a b"'],
  [[...add, '--type', 'async', '--interrupt-on-error'], '--interrupt-on-error'],
  [[...add, '--delivery', 'durable'], '--delivery durable'],
  [[...add, '--endpoint', 'ftp://u:CANARY@crm.example/?t=CANARY'], 'crm.example'],
  [['fire', 'request/a'], '"/a"'],
  [['fire', `event/${long}`], '1000 characters'],
  [['fire', 'event/order.*'], '"event/order.*" is a group'],
  [[...fire, '--stream', ''], '--stream'],
  [[...fire, '--request', 'order.json'], '--request belongs to a response'],
  [['fire', 'function/f', '--stream', 's'], '--stream belongs to an event'],
  [['executions', 'list', '--condition', 'bad'], '"bad"'],
  [['explain', 'request/a'], '"/a"'],
  [['explain', 'event/order.*'], '"event/order.*" is a group'],
  [['backtest', '--type', 'order.*.x'], "'order.*.x'"],
  [['backtest', '--since', '1d', '--until', '2d'], "'1d'"],
  [['backtest', '--since', 'soon'], "'soon'"],
  [['postgres', 'schema', '--schema', 'a b'], '"a b"'],
  [['deliveries', 'status', '--group', 'a b'], "'a b'"],
  [['deliveries', 'replay', '--target', 'crm', '--from', '-5', '--to', '9'], "'-5'"],
  [['listen', '--count', '-1'], "'-1'"],
  [['listen', '--refuse', '500:x'], "'500:x'"],
  [['listen', '--jwks', 'https://'], "'https://'"],
  [['listen', '--private-key', 'key.pem'], "'key.pem'"],
  [['serve', '--cors-origin', 'https://a.example/'], "'https://a.example/'"],
  [['serve', '--host', 'a b'], "'a b'"],
  [['calls', '--since', 'yesterday'], "'yesterday'"],
  [['calls', '--verdict', 'vetoed'], "'vetoed'"],
  [['calls', '--limit', '10001'], "'10001'"],
  [['calls', '--condition', 'order.placed'], '"order.placed"'],
  [['calls', '--url', 'http://127.0.0.1:1/path'], 'without a user, a path and a query'],
  [['calls', '--url', 'http://127.0.0.1:1/?a=CANARY'], 'without a user, a path and a query'],
  [['calls', '--url', 'http://u:CANARY@127.0.0.1:1'], 'without a user, a path and a query'],
];

describe('a wrong option of the program', () => {
  function place() {
    const { file, remove } = temporaryFolder();
    closeAfterTest(remove);
    const env = {
      EVENTSTORE_ACTIONS_STORE: `sqlite:${file('events.db')}`,
      EVENTSTORE_ACTIONS_INDEX: file('index.db'),
      EVENTSTORE_ACTIONS_KEYRING: 'plaintext',
      EVENTSTORE_ACTIONS_TOKEN: 'all',
      EVENTSTORE_ACTIONS_SIGNING_KEY: `whsec_${Buffer.alloc(32).toString('base64')}`,
    };
    const requireNothingWritten = (words: string) => {
      for (const name of ['events.db', 'index.db']) expect(existsSync(file(name)), words).to.equal(false);
    };
    return { env, file, requireNothingWritten };
  }

  it('ends with 2 and is named where its value is empty, whichever option it is', async () => {
    const { env, requireNothingWritten } = place();
    let judged = 0;
    for (const { words, option } of optionsBelow(programForHelp())) {
      const name = option.long ?? '';
      if (ownRule.has(name) || ownRule.has(`${words[0] ?? ''} ${name}`)) continue;
      const parameters = [...(words.length === 0 ? ['targets', 'list'] : words), name, ''];
      const run = await runHere(parameters, env);
      expect(run, parameters.join(' ')).to.include({ status: 2, stdout: '' });
      expect(run.stderr, parameters.join(' ')).to.include(`option '${option.flags}' argument ''`);
      requireNothingWritten(parameters.join(' '));
      judged += 1;
    }
    expect(judged).to.be.above(50);
  });

  for (const [parameters, says] of wrong)
    it(`ends with 2 before anything is opened: ${parameters.join(' ').slice(0, 90)}`, async () => {
      const { env, requireNothingWritten } = place();
      const run = await runHere(parameters, env);
      expect(run).to.include({ status: 2, stdout: '' });
      expect(run.stderr)
        .to.include(says)
        .and.match(/^error: .*\n$/);
      expect(run.stderr).to.not.match(/CANARY|nothing was|interruptOnError|\{ event:|type '/);
      expect(run.stderr.length).to.be.below(600);
      requireNothingWritten(parameters.join(' '));
    });

  it('is not shown where it may be a secret', async () => {
    const { env } = place();
    for (const [parameters, more] of [
      [['listen', '--signing-key', 'CANARY'], {}],
      [['listen', '--signing-key', 'whsec_CANARY!'], {}],
      [['listen'], { EVENTSTORE_ACTIONS_SIGNING_KEY: 'CANARY' }],
      [['calls'], { EVENTSTORE_ACTIONS_TOKEN: 'CANARY\nb' }],
      [['targets', 'list', '--store', 'mysql://u:CANARY@db'], {}],
      [['targets', 'list', '--store', 'u:CANARY@db?password=CANARY'], {}],
      [[...add, '--header', 'CANARY'], {}],
      [[...add, '--header', 'x: CANARY\u00e9'], {}],
    ] as const) {
      const run = await runHere(parameters, { ...env, ...more });
      expect(run, parameters.join(' ')).to.include({ status: 2, stdout: '' });
      expect(run.stderr, parameters.join(' ')).to.not.include('CANARY');
    }
  });

  it('is as if it were not given where its variable is empty, and is named by its variable', async () => {
    const { env, file } = place();
    const empty = Object.fromEntries(
      ['INDEX', 'DELIVERIES', 'INSTANCE', 'JWT_KEYS', 'ALLOW'].map((name) => [
        `EVENTSTORE_ACTIONS_${name}`,
        '',
      ]),
    );
    expect(await runHere(add, { ...env, ...empty })).to.include({ status: 0 });
    expect(existsSync(file('index.db'))).to.equal(false);
    for (const [more, says] of [
      [{ STORE: '' }, 'which event store?'],
      [{ KEYRING: '' }, 'name a key file with --keyring'],
      [{ STORE: 'events.db' }, 'EVENTSTORE_ACTIONS_STORE "events.db"'],
      [{ INSTANCE: 'a b' }, 'EVENTSTORE_ACTIONS_INSTANCE'],
      [{ ALLOW: 'not a host' }, 'EVENTSTORE_ACTIONS_ALLOW'],
    ] as const) {
      const named = Object.fromEntries(
        Object.entries(more).map(([name, value]) => [`EVENTSTORE_ACTIONS_${name}`, value]),
      );
      const run = await runHere(add, { ...env, ...named });
      expect(run, JSON.stringify(more)).to.include({ status: 2, stdout: '' });
      expect(run.stderr).to.include(says);
    }
    expect(
      (await runHere(['projection', 'status'], { ...env, EVENTSTORE_ACTIONS_INDEX: '' })).stderr,
    ).to.include('which index?');
    const header = await runHere([...add, '--header-env', 'authorization=TOKEN'], { ...env, TOKEN: '' });
    expect(header).to.include({ status: 2, stdout: '' });
    expect(header.stderr).to.include('"TOKEN"');
  });

  it('names the key file that cannot be used', async () => {
    const { env, file } = place();
    writeFileSync(file('keys.json'), JSON.stringify({ activeKeyID: 'a', keys: { a: 'CANARY' } }));
    const run = await runHere(['targets', 'list', '--keyring', file('keys.json')], env);
    expect(run).to.include({ status: 1, stdout: '' });
    expect(run.stderr).to.include(file('keys.json')).and.not.include('CANARY');
  });
});
